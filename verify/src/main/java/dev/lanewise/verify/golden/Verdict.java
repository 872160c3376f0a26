package dev.lanewise.verify.golden;

import java.util.Optional;

/**
 * How a model stands to its golden file.
 *
 * @param figures the errors found, for a table
 * @param fault the first thing that departs further than allowed, if any does
 */
public record Verdict(String figures, Optional<String> fault) {}
