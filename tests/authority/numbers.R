# Mean, standard deviation, quartiles, total and Kish's effective base, by R; tests of tables.
#
# Source:  R 4.2.2 base and stats; package survey 4.1.1 (Lumley); jsonlite
# Call:    Rscript tests/authority/numbers.R tests/authority/numbers.json
# Date:    2026-11-20
#
# Unweighted: mean(x), sd(x), quantile(x, type = 2), sum(x).
# Weighted:   d <- svydesign(ids = ~1, weights = ~w); svymean(~x, d), sqrt(svyvar(~x, d)),
#             svyquantile(~x, d, qrule = "hf2") with quantile(rep(x, w * 10^k), type = 2),
#             svytotal(~x, d), sum(w)^2 / sum(w^2).
#
# Tables:     chisq.test(correct = FALSE), its $stdres (weighted: of the table scaled to Kish's effective
#             number), fisher.test, prop.trend.test, (n - 1) * cor()^2, loglin()$lrt, without empty rows and
#             columns; svychisq(statistic = "F" and "Chisq") of svydesign(ids = ~1, weights = ~w); p.adjust.
#
# Values and weights are texts, so that both sides read the same decimals; blanks are missing.
# Weights are multiples of 1/8 or have shares that meet no quartile exactly: svyquantile compares
# sums of doubles for equality. Where the smallest value alone has more than a quarter of the weight,
# svyquantile of survey 4.1.1 answers with the largest value (qs() finds no position and takes the
# last). Quartiles of weighted sets are therefore quantile(type = 2) of every value repeated in
# proportion to its weight, and checked against svyquantile wherever that has a position. Numbers are written with 15 significant digits (digits = NA).
# Not here: NIST's NumAcc1-4. Their decimals are no doubles, so R's own deviation of NumAcc4 is off
# in the 9th digit; the test compares with NIST's certified values instead.

suppressPackageStartupMessages({ library(survey); library(jsonlite) })

sets <- list(
  one_value          = list(x = "7"),
  two_equal          = list(x = c("5", "5")),
  odd                = list(x = c("3", "1", "2")),
  even               = list(x = c("1", "2", "3", "10")),
  eight              = list(x = c("1", "2", "3", "4", "5", "6", "7", "8")),
  ties               = list(x = c("1", "1", "1", "2", "2", "2", "2", "9", "9", "3", "3", "3")),
  negative           = list(x = c("-5", "-2.5", "0", "2.5", "-7.25", "3")),
  all_zero           = list(x = c("0", "0", "0")),
  blanks             = list(x = c("4", "", "6", "", "11")),
  large_offset       = list(x = c("1000000001", "1000000002", "1000000004", "1000000007", "1000000000.5")),
  integer_weights    = list(x = c("1", "2", "3", "4", "5"), w = c("3", "1", "4", "1", "5")),
  exact_quarters     = list(x = c("10", "20", "30", "40"), w = c("2", "2", "2", "2")),
  decimal_weights    = list(x = c("12", "7", "3", "7", "30", "21"),
                            w = c("0.8405", "1.2291", "0.7703", "1.9016", "0.4477", "1.013")),
  eighths            = list(x = c("1", "2", "3", "4", "5", "6"), w = c("0.125", "0.375", "0.5", "0.25", "0.25", "0.5")),
  zero_weights       = list(x = c("1", "100", "2", "3", "-50"), w = c("1", "0", "2", "1", "0")),
  zero_weights_tied  = list(x = c("1", "1", "2", "2", "3", "3", "3"), w = c("1", "0", "2", "0", "1.5", "0", "0")),
  one_weighted       = list(x = c("4", "8"), w = c("2.5", "1.25")),
  weighted_offset    = list(x = c("1000000001", "1000000002", "1000000004", "1000000007"), w = c("1.5", "0.5", "2.25", "1")),
  weighted_blanks    = list(x = c("4", "", "6", "9", "11"), w = c("1.1", "5", "0.7", "2.3", "1.6")),
  weighted_negative  = list(x = c("-3.5", "-1.25", "4", "0", "-3.5"), w = c("2", "1", "7", "3", "1")),
  small_shares       = list(x = c("1", "1000", "1000000"), w = c("0.001", "12.5", "900"))
)

reply <- function(set) {
  x <- suppressWarnings(as.numeric(set$x))
  given <- !is.na(x)
  if (is.null(set$w)) {
    x <- x[given]
    return(list(
      mean = mean(x), sd = if (length(x) > 1) sd(x) else NULL,
      quartiles = unname(quantile(x, c(.25, .5, .75), type = 2)), total = sum(x), effective = length(x)))
  }
  w <- as.numeric(set$w)
  d <- svydesign(ids = ~1, weights = ~w, data = data.frame(x = x, w = w)[given, ])
  p <- c(.25, .5, .75)
  repeated <- rep(x[given], round(w[given] * 10000))
  stopifnot(max(abs(w * 10000 - round(w * 10000))) < 1e-6)
  quartiles <- unname(quantile(repeated, p, type = 2))
  lowest <- sum(w[given & w > 0 & x == min(x[given & w > 0])])
  found <- p >= lowest / sum(w[given])
  if (any(found)) {
    stopifnot(identical(quartiles[found], as.numeric(coef(svyquantile(~x, d, p[found], qrule = "hf2")))))
  }
  list(
    mean = as.numeric(coef(svymean(~x, d))), sd = sqrt(as.numeric(svyvar(~x, d))),
    quartiles = quartiles,
    total = as.numeric(coef(svytotal(~x, d))), effective = sum(w[given])^2 / sum(w[given]^2))
}

out <- lapply(names(sets), function(name) {
  set <- sets[[name]]
  c(list(name = unbox(name), x = set$x, w = set$w), lapply(reply(set), function(value) if (length(value) == 1) unbox(value) else value))
})
# Respondents by answer (r) and group (c); weights repeat along the respondents.
tables <- list(
  two_by_two      = list(rows = list(c(12, 5), c(7, 15))),
  three_by_four   = list(rows = list(c(20, 11, 9, 4), c(13, 22, 17, 9), c(5, 8, 14, 21))),
  zero_cell       = list(rows = list(c(0, 6, 3), c(7, 4, 5))),
  empty_row       = list(rows = list(c(3, 6, 3), c(0, 0, 0), c(7, 1, 5))),
  empty_column    = list(rows = list(c(8, 0, 3), c(2, 0, 9))),
  one_each        = list(rows = list(c(1, 0), c(0, 1))),
  sparse          = list(rows = list(c(3, 0, 1), c(0, 4, 1), c(2, 1, 3), c(0, 0, 2))),
  far             = list(rows = list(c(400, 100), c(100, 400))),
  unit_weights    = list(rows = list(c(20, 11, 9), c(13, 22, 17)), w = c("1")),
  weights         = list(rows = list(c(20, 11, 9), c(13, 22, 17), c(4, 8, 16)), w = c("0.5", "1.25", "3", "0.8", "1.9", "0.3", "1")),
  weighted_zero   = list(rows = list(c(0, 11, 9), c(13, 22, 1)), w = c("2.5", "0.4", "1.1")),
  weighted_two    = list(rows = list(c(30, 12), c(11, 25)), w = c("0.25", "4", "1.5", "0.7", "1"))
)

of_table <- function(set) {
  counts <- do.call(rbind, set$rows)
  kept <- counts[rowSums(counts) > 0, colSums(counts) > 0, drop = FALSE]
  if (is.null(set$w)) {
    t <- suppressWarnings(chisq.test(kept, correct = FALSE))
    n <- sum(kept)
    x <- rep(which(colSums(counts) > 0)[col(kept)], kept); y <- rep(which(rowSums(counts) > 0)[row(kept)], kept)
    trend <- if (nrow(kept) == 2) {
      unname(suppressWarnings(prop.trend.test(kept[1, ], colSums(kept), which(colSums(counts) > 0)))$statistic)
    } else (n - 1) * cor(x, y)^2
    return(list(chisq = unname(t$statistic), chisq_df = unname(t$parameter), chisq_p = t$p.value,
      expected_min = min(t$expected), lr = loglin(kept, list(1, 2), print = FALSE)$lrt,
      fisher_p = if (n <= 100) fisher.test(kept)$p.value else NULL, trend = trend, stdres = unname(as.vector(t(t$stdres)))))
  }
  d <- data.frame(y = factor(rep(as.vector(row(counts)), as.vector(counts))), x = factor(rep(as.vector(col(counts)), as.vector(counts))))
  d$w <- rep_len(as.numeric(set$w), nrow(d))
  design <- svydesign(ids = ~1, weights = ~w, data = d)
  f <- svychisq(~y + x, design, statistic = "F"); first <- svychisq(~y + x, design, statistic = "Chisq")
  effective <- sum(d$w)^2 / sum(d$w^2)
  scaled <- suppressWarnings(chisq.test(svytable(~y + x, design, Ntotal = effective), correct = FALSE))
  list(rs_f = unname(f$statistic), rs_df1 = unname(f$parameter[1]), rs_df2 = unname(f$parameter[2]), rs_p = unname(f$p.value),
    rs1_p = unname(first$p.value), cramers_v = sqrt(unname(first$statistic) / nrow(d) / (min(dim(counts)) - 1)),
    stdres = as.vector(t(unclass(scaled$stdres))))
}
scalars <- function(found) lapply(found, function(value) if (length(value) == 1) unbox(value) else value)
tested <- lapply(names(tables), function(name) {
  set <- tables[[name]]
  c(list(name = unbox(name), rows = set$rows, w = set$w), scalars(of_table(set)))
})
p <- c(.01, .04, .03, .005, .2, .03, 1)
adjusted <- list(p = p, bonferroni = p.adjust(p, "bonferroni"), holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))
about <- list(
  source = unbox(paste0(R.version.string, "; survey ", packageVersion("survey"))),
  call = unbox("Rscript tests/authority/numbers.R tests/authority/numbers.json"),
  date = unbox("2026-11-20"))
writeLines(toJSON(list(about = about, sets = out, tables = tested, adjusted = adjusted), digits = NA, pretty = TRUE, null = "null"), commandArgs(TRUE)[1])
