# Weights by R: raking, post-stratification, raking to numbers, bounded raking and trimming.
#
# Source:  package survey 4.1.1 (Lumley) on R 4.2.2; jsonlite
# Call:    Rscript tests/authority/weights.R tests/authority/weights.json
# Date:    2026-11-29
#
# d <- svydesign(ids = ~1, weights = ~w, data = data)
# rake(d, list(~a, ~b, …), list(…), control = list(maxit = 5000, epsilon = 1e-14))
# postStratify(d, ~a + b, …)
# calibrate(d, ~a + b, …, calfun = "raking", bounds = c(lowest, highest), epsilon = 1e-13, maxit = 500)
# calibrate(d, ~a + b + x + y, …, calfun = "raking", bounds = …, epsilon = 1e-13, maxit = 500), x and y being numbers
# trimWeights(…, lower, upper, strict = …)
#
# Base weights are brought to the sum of the targets first, for bounds are of weight / base weight; rake and
# postStratify give the same weights either way. `targets` is the file renkei reads. Weights are written with 15
# significant digits.

suppressPackageStartupMessages({ library(survey); library(jsonlite) })

respondent <- 1:60
data <- data.frame(
  a = factor((respondent * 7) %% 3 + 1), b = factor((respondent * respondent) %% 13 %% 4 + 1),
  c = factor((respondent %/% 5) %% 2 + 1), w = 0.5 + ((respondent * 13) %% 10) / 10,
  x = (respondent * respondent) %% 17 * 10 - 20, y = ((respondent * 11) %% 23) / 4 + 2 * ((respondent * 7) %% 3))
margins <- list(a = c(0.5, 0.3, 0.2), b = c(0.25, 0.35, 0.2, 0.2), c = c(0.45, 0.55))
cells <- c(outer(c(0.5, 0.3, 0.2), c(0.3, 0.25, 0.25, 0.2)))   # a changes fastest, as in xtabs

one <- function(values) paste0("{ ", paste0(seq_along(values), " = ", format(values, trim = TRUE, digits = 15), collapse = ", "), " }")
file <- function(settings, names, key = "shares", size = 1) paste0(
  "[weight]\ntolerance = 1e-13\niterations = 100000\n", settings,
  paste0("\n[[target]]\nquestion = \"", names, "\"\n", key, " = ",
         vapply(margins[names], function(margin) one(margin * size), ""), "\n", collapse = ""))
of_cells <- paste0(
  "[weight]\nmethod = \"cell\"\n\n[[target]]\nquestions = [\"a\", \"b\"]\nshares = { ",
  paste0("\"", outer(1:3, 1:4, paste, sep = ">"), "\" = ", format(cells, trim = TRUE, digits = 15), collapse = ", "), " }\n")

design <- function(weighted, size) {
  base <- if (weighted) data$w else rep(1, nrow(data))
  svydesign(ids = ~1, weights = base * size / sum(base), data = data)
}
margin <- function(name, size) setNames(data.frame(levels(data[[name]]), margins[[name]] * size), c(name, "Freq"))
raked <- function(weighted, names, size = nrow(data)) rake(
  design(weighted, size), lapply(names, function(name) formula(paste("~", name))),
  lapply(names, margin, size = size), control = list(maxit = 5000, epsilon = 1e-14))
bounded <- function(weighted, lowest, highest) calibrate(
  design(weighted, 60), ~a + b,
  c(`(Intercept)` = 60, a2 = 18, a3 = 12, b2 = 21, b3 = 12, b4 = 12),
  calfun = "raking", bounds = c(lowest, highest), epsilon = 1e-13, maxit = 500)
population <- setNames(data.frame(expand.grid(levels(data$a), levels(data$b)), cells * 60), c("a", "b", "Freq"))

# To margins and numbers: totals are means times the size.
means <- c(x = 52.5, y = 4.1)
of_numbers <- function(settings, names, numbers, key = "shares", size = 1, how = "mean") paste0(
  if (length(names)) file(settings, names, key, size) else paste0("[weight]\ntolerance = 1e-13\n", settings),
  paste0("\n[[target]]\nquestion = \"", numbers, "\"\n", how, " = ", format(means[numbers] * (if (how == "mean") 1 else size), trim = TRUE, digits = 15), "\n", collapse = ""))
numbered <- function(weighted, names, numbers, size = 60, bounds = c(-Inf, Inf)) {
  of_margin <- function(name) setNames(margins[[name]][-1] * size, paste0(name, seq_along(margins[[name]])[-1]))
  population <- c(`(Intercept)` = size, unlist(unname(lapply(names, of_margin))), means[numbers] * size)
  calibrate(design(weighted, size), formula(paste("~", paste(c(names, numbers), collapse = " + "))), population,
            calfun = "raking", bounds = bounds, epsilon = 1e-13, maxit = 500)
}

sets <- list(
  rake = list(FALSE, file("", c("a", "b")), raked(FALSE, c("a", "b"))),
  rake_from_base_weights = list(TRUE, file("", c("a", "b", "c")), raked(TRUE, c("a", "b", "c"))),
  rake_to_totals = list(TRUE, file("", c("a", "b", "c"), "totals", 125000), raked(TRUE, c("a", "b", "c"), 125000)),
  cells = list(TRUE, of_cells, postStratify(design(TRUE, 60), ~a + b, population)),
  bounds = list(FALSE, file("bounds = [0.42, 1.9]\n", c("a", "b")), bounded(FALSE, 0.42, 1.9)),
  bounds_from_base_weights = list(TRUE, file("bounds = [0.47, 1.9]\n", c("a", "b")), bounded(TRUE, 0.47, 1.9)),
  numbers = list(TRUE, of_numbers("", c("a", "b"), c("x", "y")), numbered(TRUE, c("a", "b"), c("x", "y"))),
  numbers_to_totals = list(FALSE, of_numbers("", c("b", "c"), c("y", "x"), "totals", 125000, "total"),
                           numbered(FALSE, c("b", "c"), c("y", "x"), 125000)),
  numbers_alone = list(TRUE, of_numbers("total = 6000\n", c(), c("x", "y"), size = 6000, how = "total"), numbered(TRUE, c(), c("x", "y"), 6000)),
  numbers_in_bounds = list(TRUE, of_numbers("bounds = [0.45, 1.7]\n", c("a", "b"), c("x", "y")),
                           numbered(TRUE, c("a", "b"), c("x", "y"), bounds = c(0.45, 1.7))),
  numbers_trimmed = list(TRUE, of_numbers("trim = { to = [0.4, 1.8] }\n", c("a", "b"), c("x", "y")),
                         trimWeights(numbered(TRUE, c("a", "b"), c("x", "y")), lower = 0.4, upper = 1.8)),
  trim = list(TRUE, file("trim = { to = [0.4, 2.2] }\n", c("a", "b", "c")),
              trimWeights(raked(TRUE, c("a", "b", "c")), lower = 0.4, upper = 2.2)),
  trim_strict = list(TRUE, file("trim = { to = [0.4, 2], how = \"spread\", strict = true }\n", c("a", "b", "c")),
                     trimWeights(raked(TRUE, c("a", "b", "c")), lower = 0.4, upper = 2, strict = TRUE)))

out <- lapply(names(sets), function(name) list(
  name = unbox(name), weighted = unbox(sets[[name]][[1]]), targets = unbox(sets[[name]][[2]]),
  weights = unname(weights(sets[[name]][[3]], "sampling"))))
about <- list(
  source = unbox(paste0(R.version.string, "; survey ", packageVersion("survey"))),
  call = unbox("Rscript tests/authority/weights.R tests/authority/weights.json"),
  date = unbox("2026-11-29"))
respondents <- data.frame(a = as.integer(data$a), b = as.integer(data$b), c = as.integer(data$c), w = format(data$w),
                          x = data$x, y = data$y)
writeLines(toJSON(list(about = about, respondents = respondents, sets = out), digits = NA, pretty = TRUE), commandArgs(TRUE)[1])
