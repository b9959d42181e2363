# What haven reads of an SPSS file, as JSON: Rscript read_spss.R FILE.sav (haven 2.5.1, R 4.2.2)
suppressMessages(library(haven))
data <- read_sav(commandArgs(TRUE)[1], user_na = TRUE)
described <- lapply(data, function(column) {
  labels <- attr(column, "labels")
  list(
    label = attr(column, "label"),
    values = unname(labels), words = names(labels),
    missing = attr(column, "na_values"), range = attr(column, "na_range"),
    data = if (is.character(column)) as.vector(column) else as.numeric(column)
  )
})
cat(jsonlite::toJSON(described, null = "null", na = "null", digits = NA, auto_unbox = FALSE))
