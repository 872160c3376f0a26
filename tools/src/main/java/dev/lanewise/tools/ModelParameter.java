package dev.lanewise.tools;

import dev.lanewise.models.Models;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The parameter MODEL of a command: a name of the registry. */
final class ModelParameter {

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "One of: ${COMPLETION-CANDIDATES}.",
      completionCandidates = Names.class,
      converter = Known.class)
  private String name;

  /** A name that the registry knows. */
  String name() {
    return name;
  }

  /** The names of the registry, sorted. */
  static String names() {
    return String.join(", ", new Names());
  }

  /** What the help lists. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Models.names().stream().sorted().iterator();
    }
  }

  /** Refuses a name that the registry does not know. */
  static final class Known implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
      if (!Models.names().contains(name)) {
        throw new TypeConversionException(
            "unknown model '%s'; the models are: %s".formatted(name, names()));
      }
      return name;
    }
  }
}
