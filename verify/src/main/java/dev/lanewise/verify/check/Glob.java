package dev.lanewise.verify.check;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names chosen by a pattern: {@code *} stands for any text, {@code ?} for any one character. */
public final class Glob {

  private Glob() {}

  /** True for the names that the pattern matches as a whole; letters' case matters. */
  public static Predicate<String> matching(String glob) {
    String expression =
        glob.codePoints()
            .mapToObj(
                character ->
                    switch (character) {
                      case '*' -> ".*";
                      case '?' -> ".";
                      default -> Pattern.quote(Character.toString(character));
                    })
            .collect(Collectors.joining());
    return Pattern.compile(expression, Pattern.DOTALL).asMatchPredicate();
  }
}
