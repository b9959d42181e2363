# Tests that need more than the cells of a table, by R: columns that share respondents, columns against the
# rest and the Total, means, paired answers, rows of a grid, several answers against one and against several.
#
# Source:  R 4.2.2 base and stats; jsonlite. Where R has no function, the formula is evaluated from its source:
#   overlap     SPSS Algorithms (CTABLES, column proportions) as given by expss; Quantipy core/quantify/engine.py,
#               class Test (_se_prop_pooled, _overlap, _convert_statistic); crunch-cube matrix/measure.py,
#               _PairwiseSignificaneBetweenSubvariablesHelper, with bases of matrix/cubemeasure.py, _CatXMrOverlaps
#   means       t.test (Welch); Derrick, Russ, Toher, White (2017), Journal of Modern Applied Statistical Methods
#               16(1), 137-157, T_new2 and its degrees of freedom, correlation 1
#   paired      mcnemar.test(correct = FALSE), binom.test; Stuart (1955), Biometrika 42, 412-416, Maxwell (1970),
#               British Journal of Psychiatry 116, 651-655: d' S^-1 d
#   rows        Cochran (1950), Biometrika 37, 256-266: Q; the linear contrast by t.test of each one's contrast
#   several     Bilder, Loughin (2001), Biometrics 57, 1200-1208 (one question of several answers) and (2004),
#               Biometrics 60, 241-248 (two), their X^2_S and second-order correction as CRAN's MRCV 0.4 prints
#               them (Appendix A): eigenvalues of D^-1 H G V G' H' and of D^-1 F (diag tau - tau tau') F'
# Call:    Rscript tests/authority/pairs.R tests/authority/pairs.json
# Date:    2026-11-20
#
# Respondents are drawn here once and written as CSV, so that both sides read the same: a and b are singles of
# three options, c and d of two, s a scale of five, m and k of several answers, g_r1 to g_r4 rows of a grid.

suppressPackageStartupMessages(library(jsonlite))
set.seed(2016, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
n <- 240
a <- sample(1:3, n, TRUE, c(.5, .3, .2))
b <- ifelse(runif(n) < .5, a, sample(1:3, n, TRUE, c(.3, .4, .3)))
c2 <- sample(1:2, n, TRUE, c(.6, .4))
d2 <- ifelse(runif(n) < .7, c2, sample(1:2, n, TRUE, c(.3, .7)))
s <- pmin(5, pmax(1, a + sample(-1:3, n, TRUE)))
m <- sapply(c(.5, .45, .4, .6), function(p) as.integer(runif(n) < p + .1 * (a == 1)))
m[rowSums(m) == 0, 1] <- 1L
k <- sapply(c(.4, .5, .3), function(p) as.integer(runif(n) < p + .15 * m[, 2]))
k[rowSums(k) == 0, 3] <- 1L
base <- rnorm(n)
g <- sapply(c(-.2, 0, .2, .5), function(shift) as.integer(base + rnorm(n) + shift > 0) + 1L)
g[sample(n, 9), 2] <- NA
w <- sample(c("0.5", "1", "1.25", "2"), n, TRUE)
data <- data.frame(id = seq_len(n), a, b, c = c2, d = d2, s, m1 = m[, 1], m2 = m[, 2], m3 = m[, 3], m4 = m[, 4],
  k1 = k[, 1], k2 = k[, 2], k3 = k[, 3], g_r1 = g[, 1], g_r2 = g[, 2], g_r3 = g[, 3], g_r4 = g[, 4], w)
csv <- paste(capture.output(write.csv(data, row.names = FALSE, quote = FALSE, na = "")), collapse = "\n")

kish <- function(w) if (length(w) == 0) 0 else sum(w)^2 / sum(w^2)
share <- function(y, w) sum(w[y]) / sum(w)
t_test <- function(t, df) list(statistic = t, df = df, p = 2 * pt(-abs(t), df))
z_test <- function(z) list(statistic = z, p = 2 * pnorm(-abs(z)))

# y: the answer; left, right: who is in the columns; w: weights; multi: whether columns may share; whole: given
# on the banner.
proportions <- function(preset, y, left, right, w, multi, whole) {
  both <- left & right
  p1 <- share(y[left], w[left]); p2 <- share(y[right], w[right])
  e1 <- kish(w[left]); e2 <- kish(w[right]); e0 <- kish(w[both])
  w1 <- sum(w[left]); w2 <- sum(w[right]); w0 <- sum(w[both])
  pooled <- (sum(w[left & y]) + sum(w[right & y])) / (w1 + w2)
  switch(preset,
    spss = z_test((p1 - p2) / sqrt(pooled * (1 - pooled) * (1 / w1 + 1 / w2 - 2 * w0 / (w1 * w2)))),
    dimensions = t_test((p1 - p2) / sqrt(pooled * (1 - pooled) * (1 / e1 + 1 / e2 - 2 * e0 / (e1 * e2))), e1 + e2 - e0 - 2),
    renkei = {
      p <- (e1 * p1 + e2 * p2) / (e1 + e2)
      # Sum of squares of each respondent's part in the difference.
      u <- w * left / w1 - w * right / w2
      t_test((p1 - p2) / sqrt(p * (1 - p) * sum(u^2)), e1 + e2 - e0 - 2)
    },
    crunch = if (multi) {
      N <- sum(whole); pa <- sum(left) / N; pb <- sum(right) / N; pab <- sum(both) / N
      t_test((p1 - p2) / sqrt((pa * (1 - pa) + pb * (1 - pb) + 2 * pa * pb - 2 * pab) / N), N - 2)
    } else t_test((p1 - p2) / sqrt(p1 * (1 - p1) / e1 + p2 * (1 - p2) / e2), e1 + e2 - 2))
}
deviation <- function(x, w) { m <- sum(w * x) / sum(w); sqrt(length(x) / (length(x) - 1) * sum(w * (x - m)^2) / sum(w)) }
means <- function(preset, x, left, right, w) {
  both <- left & right
  n_of <- function(who) if (preset == "renkei") kish(w[who]) else sum(who)
  n1 <- n_of(left); n2 <- n_of(right); n0 <- if (any(both)) kish(w[both]) else 0
  s1 <- deviation(x[left], w[left]); s2 <- deviation(x[right], w[right])
  gamma <- (s1^2 / n1 + s2^2 / n2)^2 / ((s1^2 / n1)^2 / (n1 - 1) + (s2^2 / n2)^2 / (n2 - 1))
  t <- (sum(w[left] * x[left]) / sum(w[left]) - sum(w[right] * x[right]) / sum(w[right])) /
    sqrt(s1^2 / n1 + s2^2 / n2 - 2 * s1 * s2 * n0 / (n1 * n2))
  na <- n1 - n0; nb <- n2 - n0
  found <- t_test(t, n0 - 1 + (gamma - n0 + 1) / (na + nb + 2 * n0) * (na + nb))
  if (all(w == 1) && !any(both)) {
    welch <- t.test(x[left], x[right])
    stopifnot(all.equal(c(found$statistic, found$df, found$p), unname(c(welch$statistic, welch$parameter, welch$p.value))))
  }
  found
}
everybody <- rep(TRUE, n)
columns <- list(m = lapply(1:4, function(j) m[, j] == 1), a = lapply(1:3, function(j) a == j))
comparisons <- list()
add <- function(...) comparisons[[length(comparisons) + 1]] <<- list(...)
for (weighted in c(FALSE, TRUE)) {
  weights <- if (weighted) as.numeric(w) else rep(1, n)
  for (banner in names(columns)) for (preset in c("renkei", "spss", "dimensions", "crunch")) {
    of <- columns[[banner]]; multi <- banner == "m"
    pairs <- combn(length(of), 2)
    cases <- c(
      lapply(seq_len(ncol(pairs)), function(i) list("columns", pairs[1, i], pairs[2, i], of[[pairs[1, i]]], of[[pairs[2, i]]], multi)),
      lapply(seq_along(of), function(j) list("rest", j, NULL, of[[j]], !of[[j]], FALSE)),
      if (preset != "crunch") lapply(seq_along(of), function(j) list("total", j, 0, of[[j]], everybody, TRUE)))
    for (case in cases) {
      rows <- if (banner == "a") list(c = c2 == 1) else list(a = a == 1, b = b == 2)
      for (row in names(rows)) {
        found <- proportions(preset, rows[[row]], case[[4]], case[[5]], weights, case[[6]], everybody)
        add(weighted = weighted, preset = preset, banner = banner, against = case[[1]], question = row,
          code = if (row == "b") 2 else 1, left = case[[2]], right = case[[3]], found = found)
      }
      overlap <- any(case[[4]] & case[[5]])
      if (preset == "renkei" || (preset == "crunch" && !case[[6]])) {
        add(weighted = weighted, preset = preset, banner = banner, against = case[[1]], question = "s", code = NULL,
          left = case[[2]], right = case[[3]], found = means(preset, s, case[[4]], case[[5]], weights))
      }
    }
  }
}
# Against the rest without weights SPSS's z is prop.test.
for (j in 1:4) {
  who <- m[, j] == 1; y <- a == 1
  x2 <- prop.test(c(sum(y & who), sum(y & !who)), c(sum(who), sum(!who)), correct = FALSE)$statistic
  stopifnot(all.equal(unname(x2), proportions("spss", y, who, !who, rep(1, n), FALSE, everybody)$statistic^2))
}

marginal <- function(t) {
  d <- rowSums(t) - colSums(t)
  S <- -(t + t(t)); diag(S) <- rowSums(t) + colSums(t) - 2 * diag(t)
  used <- seq_len(nrow(t) - 1)
  x2 <- sum(d[used] * solve(S[used, used, drop = FALSE], d[used]))
  list(marginal = x2, marginal_df = length(used), marginal_p = pchisq(x2, length(used), lower.tail = FALSE))
}
paired <- function(rows, cols, who) {
  t <- table(rows[who], cols[who])
  test <- mcnemar.test(t, correct = FALSE)
  exact <- if (nrow(t) == 2 && t[1, 2] + t[2, 1] < 25) binom.test(t[1, 2], t[1, 2] + t[2, 1])$p.value
  c(list(mcnemar = unname(test$statistic), mcnemar_df = unname(test$parameter), mcnemar_p = test$p.value,
    mcnemar_exact_p = exact), marginal(unclass(t)))
}
paireds <- list(
  list(rows = "a", cols = "b", first = n, found = paired(a, b, everybody)),
  list(rows = "c", cols = "d", first = n, found = paired(c2, d2, everybody)),
  list(rows = "c", cols = "d", first = 60L, found = paired(c2, d2, data$id <= 60)))

cochran <- function(x) {
  k <- ncol(x); G <- colSums(x); L <- rowSums(x)
  q <- (k - 1) * (k * sum(G^2) - sum(G)^2) / (k * sum(L) - sum(L^2))
  contrast <- as.vector(x %*% (seq_len(k) - (k + 1) / 2))
  t <- t.test(contrast)
  list(rows_n = nrow(x), cochran = q, cochran_df = k - 1, cochran_p = pchisq(q, k - 1, lower.tail = FALSE),
    contrast = unname(t$statistic), contrast_df = unname(t$parameter), contrast_p = t$p.value)
}
complete <- complete.cases(g)
cochrans <- list(list(code = 1, found = cochran(1 * (g[complete, ] == 1))), list(code = 2, found = cochran(1 * (g[complete, ] == 2))))
first_two <- cochran(1 * (g[complete, 1:2] == 1))
two <- mcnemar.test(table(g[complete, 1], g[complete, 2]), correct = FALSE)
stopifnot(all.equal(first_two$cochran, unname(two$statistic)))

pearson <- function(t) { t[t == 0] <- .5; unname(suppressWarnings(chisq.test(t, correct = FALSE))$statistic) }
second_order <- function(x2, count, eigen) {
  df <- count^2 / sum(eigen^2); scaled <- count * x2 / sum(eigen^2)
  list(bl_x2 = x2, bl_rs2 = scaled, bl_df = df, bl_p = pchisq(scaled, df, lower.tail = FALSE))
}
# W: one answer; Y: indicators.
one_by_several <- function(W, Y) {
  r <- length(unique(W)); c <- ncol(Y); N <- nrow(Y); W <- as.integer(factor(W))
  x2 <- sapply(seq_len(c), function(j) pearson(unclass(table(W, Y[, j]))))
  patterns <- as.matrix(expand.grid(rep(list(0:1), c)))
  key <- function(Y) apply(Y, 1, paste, collapse = "")
  tau <- lapply(seq_len(r), function(i) as.vector(table(factor(key(Y[W == i, , drop = FALSE]), key(patterns)))) / sum(W == i))
  share <- sapply(seq_len(r), function(i) mean(W == i))
  G <- kronecker(diag(r), t(patterns))
  V <- matrix(0, r * nrow(patterns), r * nrow(patterns))
  for (i in seq_len(r)) {
    at <- (i - 1) * nrow(patterns) + seq_len(nrow(patterns))
    V[at, at] <- (diag(tau[[i]]) - tcrossprod(tau[[i]])) / share[i]
  }
  p <- colMeans(Y)
  D <- diag(as.vector(sapply(seq_len(r), function(i) p * (1 - p) / share[i])))
  H <- diag(r * c) - kronecker(matrix(1, r, 1) %*% t(share), diag(c))
  values <- Re(eigen(solve(D) %*% H %*% G %*% V %*% t(G) %*% t(H))$values)
  c(second_order(sum(x2), (r - 1) * c, values), list(bonferroni_p = min(1, c * min(pchisq(x2, r - 1, lower.tail = FALSE)))))
}
several_by_several <- function(W, Y) {
  I <- ncol(W); J <- ncol(Y); N <- nrow(W)
  x2 <- c(outer(seq_len(I), seq_len(J), Vectorize(function(i, j) pearson(unclass(table(W[, i], Y[, j]))))))
  wp <- as.matrix(expand.grid(rep(list(0:1), I))); yp <- as.matrix(expand.grid(rep(list(0:1), J)))
  key <- function(x) apply(x, 1, paste, collapse = "")
  tau <- as.vector(t(table(factor(key(W), key(wp)), factor(key(Y), key(yp))))) / N
  G <- t(wp); H <- t(yp); pr <- colMeans(W); pc <- colMeans(Y)
  F <- kronecker(G, H) - kronecker(pr, H %*% kronecker(t(rep(1, 2^I)), diag(2^J))) -
    kronecker(G %*% kronecker(diag(2^I), t(rep(1, 2^J))), pc)
  sigma <- F %*% (diag(tau) - tcrossprod(tau)) %*% t(F)
  D <- diag(as.vector(kronecker(pr * (1 - pr), pc * (1 - pc))))
  values <- Re(eigen(solve(D) %*% sigma)$values)
  c(second_order(sum(x2), I * J, values), list(bonferroni_p = min(1, I * J * min(pchisq(x2, 1, lower.tail = FALSE)))))
}
several <- list(
  list(rows = "m", cols = "a", first = n, found = one_by_several(a, m)),
  list(rows = "k", cols = "a", first = 12L, found = one_by_several(a[1:12], k[1:12, ])),
  list(rows = "m", cols = "k", first = n, found = several_by_several(k, m)),
  list(rows = "k", cols = "m", first = 20L, found = several_by_several(m[1:20, ], k[1:20, ])))

about <- list(source = R.version.string, call = "Rscript tests/authority/pairs.R tests/authority/pairs.json", date = "2026-11-20")
out <- list(about = about, csv = csv, comparisons = comparisons, paired = paireds, rows = cochrans, several = several)
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, null = "null"), commandArgs(TRUE)[1])
