# Tests and comparisons of columns under sampling designs, and variances of weights that were made to reach margins, by
# R's survey.
#
# Source:  package survey 4.1.1 (Lumley) on R 4.2.2; jsonlite
# Call:    Rscript tests/authority/under-design.R tests/authority/under-design.json
# Date:    2026-11-29
#
# Data:    tests/authority/design-*.csv, which design.R wrote; whatever is drawn by lot was drawn there.
#
# Tables:      svychisq(statistic = "F") and "Chisq" (which corrects p and prints X2 as it is: here it is F times its degrees
#              of freedom) of subset(design, given on both); replicate designs keep the degrees
#              of freedom of the whole sample, as svychisq has them where replies are missing.
# Differences: svyttest of those in either column; where columns share respondents (a column and the Total, groups that
#              overlap) svycontrast(svytotal(...)) of the two ratios, or withReplicates; degf(subset(design, in either)) - 1.
#              Where both ways are there, this script stops unless they agree.
# Changes:     svyttest of two waves in one design, whose strata are the waves.
# Calibrated:  rake, postStratify and calibrate(calfun = "raking", bounds; numbers), then svymean, svytotal, svychisq, svyttest.

suppressPackageStartupMessages({ library(survey); library(jsonlite) })
here <- "tests/authority"
read <- function(name) read.csv(file.path(here, paste0("design-", name, ".csv")))
files <- sapply(c("apistrat", "apiclus1", "apiclus2", "small", "jk1", "jkn", "brr", "fay", "bootstrap", "factors"), read, simplify = FALSE)
small <- files$small
written <- fromJSON(file.path(here, "design.json"), simplifyVector = FALSE)$sets
written <- setNames(lapply(written, function(set) set$design), sapply(written, function(set) set$name))
lone <- function() svydesign(ids = ~psu_lone, strata = ~lone, weights = ~pw, data = small)
replicates <- function(file, type, mse = FALSE, ...) suppressWarnings(svrepdesign(data = files[[file]],
  repweights = files[[file]][, grep("^rw", names(files[[file]]))], weights = ~pw, type = type, mse = mse, ...))
# Scales as the schema has them.
rscales <- as.numeric(strsplit(sub(".*rscales = \\[(.*)\\].*", "\\1", written$jkn), ",")[[1]])
scale <- as.numeric(sub(".*scale = ([0-9.e-]+).*", "\\1", written$bootstrap))
designs <- list(
  strata = list("apistrat", TRUE, svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = files$apistrat)),
  strata_fpc = list("apistrat", TRUE, svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = files$apistrat)),
  cluster = list("apiclus1", TRUE, svydesign(ids = ~dnum, weights = ~pw, data = files$apiclus1)),
  cluster_fpc = list("apiclus1", TRUE, svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = files$apiclus1)),
  two_stage = list("apiclus2", TRUE, svydesign(ids = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = files$apiclus2)),
  two_stage_without_fpc = list("apiclus2", TRUE, svydesign(ids = ~dnum + snum, weights = ~pw, data = files$apiclus2)),
  nest = list("small", TRUE, svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, nest = TRUE, data = small)),
  nest_fpc = list("small", TRUE, svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, fpc = ~fpc, nest = TRUE, data = small)),
  unweighted = list("small", FALSE, svydesign(ids = ~psu, strata = ~stratum, weights = rep(1, 90), nest = TRUE, data = small)),
  adjust = list("small", TRUE, lone(), "adjust"),
  average = list("small", TRUE, lone(), "average"),
  certainty = list("small", TRUE, lone(), "certainty"),
  remove = list("small", TRUE, lone(), "remove"),
  jk1 = list("jk1", TRUE, replicates("jk1", "JK1", scale = 14 / 15, combined.weights = TRUE)),
  jkn = list("jkn", TRUE, replicates("jkn", "JKn", scale = 1, rscales = rscales, combined.weights = TRUE)),
  brr = list("brr", TRUE, replicates("brr", "BRR", combined.weights = TRUE)),
  fay = list("fay", TRUE, replicates("fay", "Fay", rho = 0.3, combined.weights = TRUE)),
  bootstrap = list("bootstrap", TRUE, replicates("bootstrap", "bootstrap", scale = scale, combined.weights = TRUE)),
  factors = list("factors", TRUE, replicates("factors", "JK1", scale = 14 / 15, combined.weights = FALSE)))
designs$jk1_mse <- list("jk1", TRUE, replicates("jk1", "JK1", mse = TRUE, scale = 14 / 15, combined.weights = TRUE))
designs$bootstrap_mse <- list("bootstrap", TRUE, replicates("bootstrap", "bootstrap", mse = TRUE, scale = scale, combined.weights = TRUE))
for (name in c("jk1", "bootstrap")) written[[paste0(name, "_mse")]] <- sub(" }$", ", mse = true }", written[[name]])

number <- function(x) { x <- as.numeric(x); if (length(x) != 1 || !is.finite(x)) NULL else unbox(x) }
quiet <- function(e) suppressWarnings(suppressMessages(tryCatch(e, error = function(problem) NULL)))
replicated <- function(design) inherits(design, "svyrep.design")
freedom <- function(design, whole) if (replicated(design)) degf(whole) else degf(design)

table_test <- function(design, row, col) {
  v <- design$variables
  d <- if (replicated(design)) design else subset(design, !is.na(v[[row]]) & !is.na(v[[col]]))
  f <- as.formula(paste0("~", row, "+", col))
  second <- svychisq(f, d, statistic = "F"); first <- svychisq(f, d, statistic = "Chisq")
  # subset() leaves every row in a calibrated design, and svychisq counts the units of them all.
  if (!replicated(d)) {
    second$parameter[2] <- second$parameter[1] * degf(d)
    second$p.value <- pf(second$statistic, second$parameter[1], second$parameter[2], lower.tail = FALSE)
  }
  list(row = unbox(row), col = unbox(col), rs_f = number(second$statistic), rs_df1 = number(second$parameter[1]),
       rs_df2 = number(second$parameter[2]), rs_p = number(second$p.value), rs1_chisq = number(second$statistic * first$parameter),
       rs1_df = number(first$parameter), rs1_p = number(first$p.value))
}

# The difference of y between those in a and those in b, two logical vectors that may overlap.
difference <- function(design, y, a, b) {
  given <- !is.na(y)
  design$variables <- data.frame(ya = ifelse(given & a, y, 0), a = as.numeric(given & a), yb = ifelse(given & b, y, 0),
                                 b = as.numeric(given & b), y = y, side = as.numeric(a))
  either <- given & (a | b)
  d <- if (replicated(design)) design else subset(design, either)
  df <- freedom(d, design) - 1
  if (replicated(design)) {
    found <- withReplicates(d, quote(sum(.weights * ya) / sum(.weights * a) - sum(.weights * yb) / sum(.weights * b)))
    t <- coef(found) / SE(found)
  } else {
    found <- svycontrast(svytotal(~ya + a + yb + b, d), quote(ya / a - yb / b))
    t <- coef(found) / SE(found)
  }
  if (!any(given & a & b) && !replicated(design)) {
    tested <- svyttest(y ~ side, d)
    stopifnot(abs(tested$statistic - t) < 1e-7 * abs(t) + 1e-9, tested$parameter == df)
  }
  variance <- SE(found)^2
  if (is.na(variance) || variance < 1e-20 || df < 1) return(NULL)
  list(t = number(t), df = number(df), p = number(2 * pt(-abs(t), df)))
}

differences <- function(design) {
  v <- design$variables
  values <- list(award = v$award == 1, wide = v$wide == 1, api = v$api, enroll = v$enroll)
  groups <- list(v$stype == 1, v$stype == 2, v$stype == 3)
  again <- list(v$stype %in% c(1, 2), v$award == 1)
  all <- rep(TRUE, nrow(v))
  found <- list()
  add <- function(row, banner, against, left, right, a, b) {
    d <- quiet(difference(design, as.numeric(values[[row]]), a, b))
    if (!is.null(d)) found[[length(found) + 1]] <<- c(list(row = unbox(row), banner = unbox(banner), against = unbox(against), left = unbox(left), right = unbox(right)), d)
  }
  for (row in names(values)) {
    for (k in 1:3) {
      for (l in seq_len(3)[seq_len(3) > k]) add(row, "stype", "columns", k, l, groups[[k]], groups[[l]])
      add(row, "stype", "total", k, 0, groups[[k]], all)
      add(row, "stype", "rest", k, -1, groups[[k]], !groups[[k]])
    }
    if (row != "award") add(row, "again", "columns", 1, 2, again[[1]], again[[2]])
  }
  found
}

sets <- lapply(names(designs), function(name) {
  set <- designs[[name]]
  options(survey.lonely.psu = if (length(set) > 3) set[[4]] else "fail")
  list(name = unbox(name), file = unbox(set[[1]]), weighted = unbox(set[[2]]), design = unbox(written[[name]]),
       tests = Filter(Negate(is.null), list(quiet(table_test(set[[3]], "award", "stype")), quiet(table_test(set[[3]], "wide", "stype")))),
       differences = differences(set[[3]]))
})
options(survey.lonely.psu = "fail")

# Weights made to reach margins.
stype <- data.frame(stype = 1:3, Freq = c(4400, 760, 1034)); award <- data.frame(award = 1:2, Freq = c(2100, 4094))
cells <- expand.grid(stype = 1:3, award = 1:2); cells$Freq <- c(1300, 420, 450, 3100, 340, 584)
raked <- function(design) rake(design, list(~stype, ~award), list(stype, award), control = list(maxit = 200, epsilon = 1e-14))
bounded <- function(design) calibrate(design, ~factor(stype) + factor(award),
  c(`(Intercept)` = 6194, `factor(stype)2` = 760, `factor(stype)3` = 1034, `factor(award)2` = 4094),
  calfun = "raking", bounds = c(0.6, 1.6), epsilon = 1e-12, maxit = 200)
totals <- function(numbers) paste0("{ ", paste0(names(numbers), " = ", numbers, collapse = ", "), " }")
rake_targets <- paste0("[[target]]\nquestion = \"stype\"\ntotals = { 1 = 4400, 2 = 760, 3 = 1034 }\n[[target]]\nquestion = \"award\"\ntotals = { 1 = 2100, 2 = 4094 }\n")
exact <- "tolerance = 1e-13\niterations = 5000\n"
cell_targets <- "[weight]\nmethod = \"cell\"\n[[target]]\nquestions = [\"stype\", \"award\"]\ntotals = { \"1>1\" = 1300, \"2>1\" = 420, \"3>1\" = 450, \"1>2\" = 3100, \"2>2\" = 340, \"3>2\" = 584 }\n"
# Base weights of the sum of the targets, which changes nothing but where calibrate begins.
scaled <- function(design) { design$prob <- design$prob * sum(1 / design$prob) / 6194; design }
plain <- svydesign(ids = ~1, weights = ~pw, data = files$apistrat)
one <- svydesign(ids = ~1, weights = rep(1, nrow(files$apiclus1)), data = files$apiclus1)
made <- list(
  rake_weights = list("apistrat", TRUE, "", paste0("[weight]\n", exact, rake_targets), raked(plain)),
  rake_none = list("apiclus1", FALSE, "", paste0("[weight]\n", exact, rake_targets), raked(one)),
  rake_strata = list("apistrat", TRUE, written$strata, paste0("[weight]\n", exact, rake_targets), raked(designs$strata[[3]])),
  rake_cluster = list("apiclus1", TRUE, written$cluster, paste0("[weight]\n", exact, rake_targets), raked(designs$cluster[[3]])),
  rake_two_stage = list("apiclus2", TRUE, written$two_stage, paste0("[weight]\n", exact, rake_targets), raked(designs$two_stage[[3]])),
  post_weights = list("apistrat", TRUE, "", cell_targets, postStratify(plain, ~stype + award, cells)),
  post_cluster_fpc = list("apiclus1", TRUE, written$cluster_fpc, cell_targets, postStratify(designs$cluster_fpc[[3]], ~stype + award, cells)),
  bounded_strata = list("apistrat", TRUE, written$strata_fpc, paste0("[weight]\nbounds = [0.6, 1.6]\n", exact, rake_targets), bounded(designs$strata_fpc[[3]])),
  bounded_weights = list("apistrat", TRUE, "", paste0("[weight]\nbounds = [0.6, 1.6]\n", exact, rake_targets), bounded(plain)))
# To the total of a number (enrolment) and the mean of another.
of_numbers <- function(design, numbers, bounds = c(-Inf, Inf)) calibrate(design, formula(paste("~", paste(c("factor(stype)", names(numbers)), collapse = " + "))),
  c(`(Intercept)` = 6194, `factor(stype)2` = 760, `factor(stype)3` = 1034, numbers), calfun = "raking", bounds = bounds, epsilon = 1e-12, maxit = 200)
number_targets <- function(more) paste0("[[target]]\nquestion = \"stype\"\ntotals = { 1 = 4400, 2 = 760, 3 = 1034 }\n", more)
enrolment <- "[[target]]\nquestion = \"enroll\"\ntotal = 3600000\n"
both <- paste0(enrolment, "[[target]]\nquestion = \"api\"\nmean = 660\n")
one_number <- c(enroll = 3600000); two_numbers <- c(enroll = 3600000, api = 660 * 6194)
made <- c(made, list(
  number_weights = list("apistrat", TRUE, "", paste0("[weight]\n", exact, number_targets(both)), of_numbers(plain, two_numbers)),
  number_none = list("apiclus1", FALSE, "", paste0("[weight]\n", exact, number_targets(enrolment)), of_numbers(scaled(one), one_number)),
  number_strata = list("apistrat", TRUE, written$strata, paste0("[weight]\n", exact, number_targets(both)), of_numbers(designs$strata[[3]], two_numbers)),
  number_cluster = list("apiclus1", TRUE, written$cluster, paste0("[weight]\n", exact, number_targets(both)), of_numbers(scaled(designs$cluster[[3]]), two_numbers)),
  number_bounded = list("apistrat", TRUE, written$strata_fpc, paste0("[weight]\nbounds = [0.6, 1.6]\n", exact, number_targets(both)), of_numbers(designs$strata_fpc[[3]], two_numbers, c(0.6, 1.6)))))
# A total that the targets fix has no error but that of computing.
not_fixed <- function(total) if (SE(total) < 1e-9 * abs(coef(total))) NULL else number(SE(total))
estimates <- function(design) {
  of <- function(name, domain, column) {
    design$variables$y <- as.numeric(design$variables[[name]] == 1)
    if (name %in% c("api", "enroll")) design$variables$y <- design$variables[[name]]
    d <- if (column == 0) design else subset(design, stype == column)
    given <- subset(d, !is.na(y))
    list(row = unbox(name), column = unbox(column), mean = number(coef(svymean(~y, d, na.rm = TRUE))),
         se = number(SE(svymean(~y, d, na.rm = TRUE))), df = number(degf(given)),
         total = number(coef(svytotal(~y, d, na.rm = TRUE))), total_se = not_fixed(svytotal(~y, d, na.rm = TRUE)))
  }
  unlist(lapply(c("wide", "api", "enroll", "award"), function(name) lapply(0:3, function(column) of(name, NULL, column))), recursive = FALSE)
}
calibrated <- lapply(names(made), function(name) {
  set <- made[[name]]
  design <- set[[5]]
  list(name = unbox(name), file = unbox(set[[1]]), weighted = unbox(set[[2]]), design = unbox(set[[3]]), targets = unbox(set[[4]]),
       estimates = estimates(design), tests = list(table_test(design, "wide", "stype")),
       differences = Filter(function(d) d$row %in% c("wide", "api") && d$banner == "stype", differences(design)))
})

# Two waves: svyttest of both files in one design, whose strata are the waves.
waves <- rbind(cbind(files$apiclus1[c("dnum", "wide", "award", "api", "pw")], wave = 1), cbind(files$apiclus2[c("dnum", "wide", "award", "api", "pw")], wave = 2))
waves$unit <- waves$wave * 10000 + waves$dnum
together <- svydesign(ids = ~unit, strata = ~wave, weights = ~pw, data = waves)
changes <- lapply(c("wide", "award", "api"), function(name) {
  together$variables$y <- if (name == "api") waves$api else as.numeric(waves[[name]] == 1)
  together$variables$later <- as.numeric(waves$wave == 2)
  d <- subset(together, !is.na(y))
  tested <- svyttest(y ~ later, d)
  list(row = unbox(name), t = number(tested$statistic), df = number(tested$parameter), p = number(tested$p.value))
})

about <- list(
  source = unbox(paste0(R.version.string, "; survey ", packageVersion("survey"))),
  call = unbox("Rscript tests/authority/under-design.R tests/authority/under-design.json"),
  date = unbox("2026-11-29"))
writeLines(toJSON(list(about = about, sets = sets, calibrated = calibrated, changes = changes), digits = NA, null = "null"), commandArgs(TRUE)[1])
