//! Work on many things, several at a time.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diag::Progress;

/// The work done on each, by as many threads, with names for whoever waits; results in the order of what was given.
pub fn each<T: Sync, R: Send>(
    all: &[T],
    threads: usize,
    progress: &dyn Progress,
    name: &(dyn Fn(&T) -> String + Sync),
    work: &(dyn Fn(&T) -> R + Sync),
) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let worker = || {
            let mut own = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(one) = all.get(place) else { break own };
                progress.name(&name(one));
                own.push((place, work(one)));
                progress.advance(done.fetch_add(1, Ordering::Relaxed) as u64 + 1, all.len() as u64);
            }
        };
        let handles: Vec<_> = (0..threads.clamp(1, all.len().max(1))).map(|_| scope.spawn(worker)).collect();
        let join = |handle: std::thread::ScopedJoinHandle<'_, Vec<(usize, R)>>| match handle.join() {
            Ok(results) => results,
            Err(bug) => std::panic::resume_unwind(bug),
        };
        handles.into_iter().flat_map(join).collect()
    });
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
