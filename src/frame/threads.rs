//! Work that threads share.

/// The results of `work`, done by as many threads; 0: as many as the machine has, and never more than `most`.
///
/// # Errors
/// The first of theirs.
pub(super) fn shared<T: Send, E: Send>(
    threads: usize,
    most: usize,
    work: impl Fn() -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(most)).map(|_| scope.spawn(&work)).collect();
        let mut results = vec![work()];
        for other in others {
            match other.join() {
                Ok(result) => results.push(result),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results.into_iter().collect()
    })
}
