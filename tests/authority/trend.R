# Change between two waves by R: independent samples and the same respondents.
#
# Source:  R 4.2.2, package stats; jsonlite
# Call:    Rscript tests/authority/trend.R tests/authority/trend.json
# Date:    2026-11-20
#
# Independent: prop.test(c(later, earlier), c(n2, n1), correct = FALSE), z the signed root of its statistic
# (preset spss); renkei's pooled t has the same statistic without weights, on n1 + n2 - 2 degrees of freedom.
# Panel, answers: mcnemar.test(correct = FALSE), whose variance is that of no change, and t.test(paired = TRUE) of
# 0 and 1, whose variance is over n - 1: z = t * sqrt(n / (n - 1)).
# Panel, numbers: t.test(paired = TRUE). Means of two samples: t.test(var.equal = FALSE).

suppressPackageStartupMessages(library(jsonlite))

samples <- list(c(18, 50, 3, 60), c(28, 50, 37, 60), c(400, 1000, 450, 1100), c(1, 40, 9, 45), c(30, 60, 30, 60))
independent <- lapply(samples, function(s) {
  found <- prop.test(c(s[3], s[1]), c(s[4], s[2]), correct = FALSE)
  z <- sign(s[3] / s[4] - s[1] / s[2]) * sqrt(unname(found$statistic))
  list(counts = s, z = unbox(z), z_p = unbox(found$p.value), t_p = unbox(2 * pt(-abs(z), s[2] + s[4] - 2)))
})

# both, gained (only later), lost (only earlier), neither
panels <- list(c(20, 12, 4, 14), c(100, 31, 29, 240), c(5, 0, 9, 30), c(0, 7, 1, 40), c(10, 6, 6, 18))
panel <- lapply(panels, function(s) {
  earlier <- rep(c(1, 0, 1, 0), s); later <- rep(c(1, 1, 0, 0), s)
  n <- sum(s)
  mcnemar <- mcnemar.test(matrix(c(s[1], s[2], s[3], s[4]), 2), correct = FALSE)
  paired <- if (s[2] == s[3]) 0 else unname(t.test(later, earlier, paired = TRUE)$statistic)
  z <- paired * sqrt(n / (n - 1))
  list(counts = s, mcnemar = unbox(unname(mcnemar$statistic)), t = unbox(paired), z = unbox(z),
       z_p = unbox(2 * pnorm(-abs(z))))
})

person <- 1:40
earlier <- (person * 7) %% 11
later <- earlier + (person * person) %% 5 - 1
numbers <- t.test(later, earlier, paired = TRUE)
apart <- t.test(later[1:35], earlier)

sets <- list(independent = independent, panel = panel,
  paired = list(earlier = earlier, later = later, t = unbox(unname(numbers$statistic)),
                df = unbox(unname(numbers$parameter)), p = unbox(numbers$p.value)),
  means = list(earlier = earlier, later = later[1:35], t = unbox(unname(apart$statistic)),
               df = unbox(unname(apart$parameter)), p = unbox(apart$p.value)))
about <- list(source = unbox(R.version.string),
  call = unbox("Rscript tests/authority/trend.R tests/authority/trend.json"), date = unbox("2026-11-20"))
writeLines(toJSON(list(about = about, sets = sets), digits = NA, pretty = TRUE), commandArgs(TRUE)[1])
