# Standard errors, intervals, design effects and degrees of freedom under sampling designs, by R's survey.
#
# Source:  package survey 4.1.1 (Lumley) on R 4.2.2; jsonlite
# Call:    Rscript tests/authority/design.R tests/authority/design.json [tests/authority, to write the data too]
# Date:    2026-11-20
#
# Data:    apistrat, apiclus1 and apiclus2 of the package (written beside this script as they are used), and small
#          made sets. Every domain keeps the design (subset()); missing replies are left out with na.rm = TRUE or
#          are a category, as the table has them.
#
# svymean(deff = "replace"), svytotal, svyratio, degf, svyciprop(method = "logit", "xlogit", "beta", "mean"),
# svyquantile(qrule = "hf2", interval.type = "mean"), confint(…, df = degf(domain)).
#
# Degrees of freedom are those of the domain, degf(subset(design)), which is svyciprop's default; replicate
# designs keep those of the whole sample. Intervals of replicate designs are xlogit's: svyciprop's logit squares
# replicates on the scale of log-odds.

suppressPackageStartupMessages({ library(survey); library(jsonlite) })
data(api)

# Codes are small integers, blanks are missing; the same text is read by both sides.
schools <- function(d) {
  out <- data.frame(
    id = seq_len(nrow(d)), dnum = d$dnum, snum = d$snum, stype = match(d$stype, c("E", "H", "M")),
    award = as.integer(d$awards), wide = as.integer(d$sch.wide), api = d$api00, api99 = d$api99,
    enroll = d$enroll, tested = d$api.stu, pw = d$pw, fpc = d$fpc)
  if (!is.null(d$fpc1)) out <- cbind(out, fpc1 = d$fpc1, fpc2 = d$fpc2)
  # Some do not answer.
  out$wide[out$id %% 11 == 0] <- NA
  out
}
apiclus2$fpc <- apiclus2$fpc1
files <- list(apistrat = schools(apistrat), apiclus1 = schools(apiclus1), apiclus2 = schools(apiclus2))

# Clusters whose ids repeat between strata; strata with one cluster; an answer nobody gave (award 3 is not in it,
# wide of stype 3 is all one); a domain of one respondent.
i <- 1:90
small <- data.frame(id = i, stratum = (i - 1) %/% 18 + 1, psu = ((i - 1) %% 18) %/% 5 + 1)
small$award <- ifelse((i * 7) %% 10 < 4, 1, 2)
small$wide <- ifelse((i * i) %% 7 < 3, 1, 2)
small$stype <- ifelse(i == 17, 3, (i * 5) %% 2 + 1)
small$wide[i %% 13 == 0] <- NA
small$award[small$stype == 1 & small$stratum == 2] <- 1
small$api <- (i * 37) %% 101 + small$psu * 4
small$enroll <- 100 + (i * 53) %% 97
small$tested <- small$enroll - (i * 11) %% 31
small$api99 <- small$api
small$pw <- round(0.5 + ((i * 29) %% 17) / 8, 4)
small$pw[i == 40] <- 0
small$lone <- ifelse(i > 85, 9, small$stratum)
small$psu_lone <- ifelse(i > 85, 77, small$stratum * 10 + small$psu)
small$fpc <- ifelse(small$stratum == 1, 4, 9)
small$fraction <- 0.25
files$small <- small

# Replicate weights are made once and written, so that both sides read the same decimals.
base <- svydesign(ids = ~dnum, weights = ~pw, data = files$apiclus1)
pairs <- files$apistrat[order(files$apistrat$stype, files$apistrat$id), ][c(1:20, 101:120, 151:170), ]
pairs$half <- rep(1:2, 30); pairs$stratum <- rep(1:30, each = 2)
paired <- svydesign(ids = ~id, strata = ~stratum, weights = ~pw, data = pairs)
set.seed(20161120)
made <- list(
  jk1 = list(files$apiclus1, as.svrepdesign(base, type = "JK1"), "JK1"),
  jkn = list(files$apistrat, as.svrepdesign(svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = files$apistrat[seq(1, 200, 5), ]), type = "JKn"), "JKn"),
  brr = list(pairs, as.svrepdesign(paired, type = "BRR"), "BRR"),
  fay = list(pairs, as.svrepdesign(paired, type = "Fay", fay.rho = 0.3), "Fay"),
  bootstrap = list(files$apiclus1, as.svrepdesign(base, type = "bootstrap", replicates = 25), "bootstrap"))

replicated <- list()
for (name in names(made)) {
  rep <- made[[name]][[2]]
  w <- round(weights(rep, "analysis"), 6)
  d <- cbind(rep$variables, setNames(as.data.frame(w), paste0("rw", seq_len(ncol(w)))))
  files[[name]] <- d
  type <- made[[name]][[3]]
  args <- list(data = d, repweights = d[, grep("^rw", names(d))], weights = ~pw, type = type, combined.weights = TRUE)
  if (type == "Fay") args$rho <- 0.3
  if (type == "JKn") args <- c(args, list(scale = 1, rscales = rep$rscales))
  if (type == "JK1") args$scale <- rep$scale
  if (type == "bootstrap") args$scale <- rep$scale
  replicated[[name]] <- suppressWarnings(do.call(svrepdesign, args))
}
# Factors of the weight.
factors <- replicated$jk1
f <- round(weights(made$jk1[[2]], "replication"), 6)
files$factors <- cbind(files$apiclus1, setNames(as.data.frame(f), paste0("rw", seq_len(ncol(f)))))
factors <- svrepdesign(data = files$factors, repweights = files$factors[, grep("^rw", names(files$factors))], weights = ~pw, type = "JK1", combined.weights = FALSE, scale = 14 / 15)

# Doubles as texts that read back the same.
text <- function(x) ifelse(is.na(x), "", format(x, digits = 15, trim = TRUE, scientific = FALSE, drop0trailing = TRUE))
plain <- function(d) { for (n in names(d)) d[[n]] <- vapply(d[[n]], text, ""); d }
if (length(commandArgs(TRUE)) > 1) for (name in names(files)) write.csv(plain(files[[name]]), file.path(commandArgs(TRUE)[2], paste0("design-", name, ".csv")), row.names = FALSE, quote = FALSE)

fr <- function(r) paste0("[", paste(format(r, digits = 16), collapse = ", "), "]")
with_lonely <- function(remedy, design) list(lonely = remedy, design = design)
lone <- function() svydesign(ids = ~psu_lone, strata = ~lone, weights = ~pw, data = small)
designs <- list(
  none = list("apistrat", FALSE, "", svydesign(ids = ~1, weights = rep(1, 200), data = files$apistrat)),
  weights = list("apistrat", TRUE, "", svydesign(ids = ~1, weights = ~pw, data = files$apistrat)),
  strata = list("apistrat", TRUE, "strata = \"stype\"", svydesign(ids = ~1, strata = ~stype, weights = ~pw, data = files$apistrat)),
  strata_fpc = list("apistrat", TRUE, "strata = \"stype\"\nfpc = \"fpc\"", svydesign(ids = ~1, strata = ~stype, weights = ~pw, fpc = ~fpc, data = files$apistrat)),
  cluster = list("apiclus1", TRUE, "cluster = \"dnum\"", svydesign(ids = ~dnum, weights = ~pw, data = files$apiclus1)),
  cluster_fpc = list("apiclus1", TRUE, "cluster = \"dnum\"\nfpc = \"fpc\"", svydesign(ids = ~dnum, weights = ~pw, fpc = ~fpc, data = files$apiclus1)),
  two_stage = list("apiclus2", TRUE, "cluster = [\"dnum\", \"snum\"]\nfpc = [\"fpc1\", \"fpc2\"]", svydesign(ids = ~dnum + snum, weights = ~pw, fpc = ~fpc1 + fpc2, data = files$apiclus2)),
  two_stage_without_fpc = list("apiclus2", TRUE, "cluster = [\"dnum\", \"snum\"]", svydesign(ids = ~dnum + snum, weights = ~pw, data = files$apiclus2)),
  nest = list("small", TRUE, "strata = \"stratum\"\ncluster = \"psu\"\nnest = true", svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, nest = TRUE, data = small)),
  nest_fpc = list("small", TRUE, "strata = \"stratum\"\ncluster = \"psu\"\nfpc = \"fpc\"\nnest = true", svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, fpc = ~fpc, nest = TRUE, data = small)),
  fraction = list("small", TRUE, "strata = \"stratum\"\ncluster = \"psu\"\nfpc = \"fraction\"\nnest = true", svydesign(ids = ~psu, strata = ~stratum, weights = ~pw, fpc = ~fraction, nest = TRUE, data = small)),
  unweighted = list("small", FALSE, "strata = \"stratum\"\ncluster = \"psu\"\nnest = true", svydesign(ids = ~psu, strata = ~stratum, weights = rep(1, 90), nest = TRUE, data = small)),
  adjust = list("small", TRUE, "strata = \"lone\"\ncluster = \"psu_lone\"\nlonely = \"adjust\"", lone(), "adjust"),
  average = list("small", TRUE, "strata = \"lone\"\ncluster = \"psu_lone\"\nlonely = \"average\"", lone(), "average"),
  certainty = list("small", TRUE, "strata = \"lone\"\ncluster = \"psu_lone\"\nlonely = \"certainty\"", lone(), "certainty"),
  remove = list("small", TRUE, "strata = \"lone\"\ncluster = \"psu_lone\"\nlonely = \"remove\"", lone(), "remove"),
  jk1 = list("jk1", TRUE, "replicates = { columns = \"rw*\", kind = \"JK1\" }", replicated$jk1),
  jkn = list("jkn", TRUE, paste0("replicates = { columns = \"rw*\", kind = \"JKn\", rscales = ", fr(made$jkn[[2]]$rscales), " }"), replicated$jkn),
  brr = list("brr", TRUE, "replicates = { columns = \"rw*\", kind = \"BRR\" }", replicated$brr),
  fay = list("fay", TRUE, "replicates = { columns = \"rw*\", kind = \"Fay\", rho = 0.3 }", replicated$fay),
  bootstrap = list("bootstrap", TRUE, paste0("replicates = { columns = \"rw*\", kind = \"bootstrap\", scale = ", format(made$bootstrap[[2]]$scale, digits = 16), " }"), replicated$bootstrap),
  factors = list("factors", TRUE, "replicates = { columns = \"rw*\", kind = \"JK1\", combined = false }", factors))

number <- function(x) { x <- as.numeric(x); if (length(x) != 1 || !is.finite(x)) NULL else unbox(x) }
quiet <- function(e) suppressWarnings(suppressMessages(tryCatch(e, error = function(problem) NULL)))
ends <- function(ci) if (is.null(ci)) NULL else list(number(ci[1]), number(ci[2]))

# One answer (or number) in one domain.
share <- function(design, name, code, df) {
  design$variables$y <- as.numeric(design$variables[[name]] == code)
  rep <- inherits(design, "svyrep.design")
  m <- svymean(~y, design, na.rm = TRUE, deff = if (rep) FALSE else "replace")
  given <- subset(design, !is.na(y))
  if (rep) given$degf <- df
  ci <- function(method) quiet({
    p <- svyciprop(~y, given, method = method, df = df)
    ends(attr(p, "ci"))
  })
  p <- as.numeric(coef(m))
  inside <- p > 0 && p < 1
  list(measure = unbox("share"), row = unbox(name), code = unbox(code), estimate = number(p), se = number(SE(m)), df = number(df),
       deff = if (rep || !inside) NULL else number(deff(m)),
       total_se = number(SE(svytotal(~y, design, na.rm = TRUE))),
       total_ci = ends(confint(svytotal(~y, design, na.rm = TRUE), df = df)),
       logit = if (inside) ci(if (rep) "xlogit" else "logit"), xlogit = if (inside) ci("xlogit"), beta = if (inside) ci("beta"), mean = ci("mean"))
}
mean_of <- function(design, name, df) {
  design$variables$y <- as.numeric(design$variables[[name]])
  rep <- inherits(design, "svyrep.design")
  m <- svymean(~y, design, na.rm = TRUE, deff = if (rep) FALSE else "replace")
  total <- svytotal(~y, design, na.rm = TRUE)
  # Where the smallest value alone has more than the share looked for, svyquantile finds no position and answers
  # with another value: left out.
  quartiles <- if (rep) NULL else lapply(c(p25 = .25, median = .5, p75 = .75), function(p) quiet({
    found <- svyquantile(~y, design, p, qrule = "hf2", interval.type = "mean", df = df, na.rm = TRUE)$y[1, 1:3]
    given <- subset(design, !is.na(y))
    given$variables$low <- as.numeric(given$variables$y <= found[1])
    limit <- confint(svymean(~low, given), df = df)[1]
    w <- weights(given, "sampling"); y <- given$variables$y
    lowest <- sum(w[y == min(y[w > 0])]) / sum(w)
    list(if (lowest <= limit) number(found[2]), number(found[3]))
  }))
  c(list(measure = unbox("mean"), row = unbox(name), estimate = number(coef(m)), se = number(SE(m)), df = number(df),
         deff = if (rep) NULL else number(deff(m)), total = number(coef(total)), total_se = number(SE(total)),
         total_ci = ends(confint(total, df = df)), mean = ends(confint(m, df = df))), quartiles)
}
ratio_of <- function(design, df) {
  r <- svyratio(~tested, ~enroll, design, na.rm = TRUE)
  list(measure = unbox("ratio"), row = unbox("share_tested"), estimate = number(100 * coef(r)), se = number(100 * SE(r)), df = number(df),
       mean = ends(100 * confint(r, df = df)))
}

sets <- lapply(names(designs), function(name) {
  set <- designs[[name]]
  options(survey.lonely.psu = if (length(set) > 4) set[[5]] else "fail")
  design <- set[[4]]
  rep <- inherits(design, "svyrep.design")
  domains <- list(all = design, stype_1 = subset(design, stype == 1), stype_2 = subset(design, stype == 2), stype_3 = subset(design, stype == 3))
  found <- lapply(names(domains), function(domain) {
    d <- domains[[domain]]
    # Of those who replied, as svyciprop has it.
    df <- function(column) if (rep) degf(design) else degf(subset(d, !is.na(d$variables[[column]])))
    estimates <- c(
      lapply(1:2, function(code) quiet(share(d, "award", code, df("award")))),
      lapply(1:2, function(code) quiet(share(d, "wide", code, df("wide")))),
      list(quiet(mean_of(d, "api", df("api"))), quiet(mean_of(d, "enroll", df("enroll"))), quiet(ratio_of(d, df("enroll")))))
    list(domain = unbox(domain), estimates = Filter(Negate(is.null), estimates))
  })
  list(name = unbox(name), file = unbox(set[[1]]), weighted = unbox(set[[2]]), design = unbox(set[[3]]), domains = found)
})

# Wilson's interval: prop.test without correction.
wilson <- lapply(list(c(0, 20), c(1, 20), c(7, 20), c(20, 20), c(290, 604)), function(k) {
  list(k = unbox(k[1]), n = unbox(k[2]), ends = as.numeric(suppressWarnings(prop.test(k[1], k[2], correct = FALSE)$conf.int)),
       exact = as.numeric(binom.test(k[1], k[2])$conf.int))
})
about <- list(
  source = unbox(paste0(R.version.string, "; survey ", packageVersion("survey"))),
  call = unbox("Rscript tests/authority/design.R tests/authority/design.json"),
  date = unbox("2026-11-20"))
writeLines(toJSON(list(about = about, sets = sets, tables = wilson), digits = NA, null = "null"), commandArgs(TRUE)[1])
