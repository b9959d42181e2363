# Mean, standard deviation, quartiles, total and Kish's effective base, by R.
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
about <- list(
  source = unbox(paste0(R.version.string, "; survey ", packageVersion("survey"))),
  call = unbox("Rscript tests/authority/numbers.R tests/authority/numbers.json"),
  date = unbox("2026-11-20"))
writeLines(toJSON(list(about = about, sets = out), digits = NA, pretty = TRUE, null = "null"), commandArgs(TRUE)[1])
