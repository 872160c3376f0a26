package dev.lanewise.nn.report;

import dev.lanewise.kernels.shape.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A text table: headers, columns aligned left or right, two spaces between them.
 *
 * <pre>{@code
 * Table table = new Table().left("layer").right("ms");
 * table.row("3x3 64@56", "0.87").row("1x1 64>256@56", "0.40");
 * System.out.print(table);
 * }</pre>
 */
public final class Table {

  private static final String GAP = "  ";

  private record Column(String header, boolean right) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** An empty table without columns. */
  public Table() {}

  /** Appends a column of text, aligned left. */
  public Table left(String... headers) {
    return add(false, headers);
  }

  /** Appends a column of numbers, aligned right. */
  public Table right(String... headers) {
    return add(true, headers);
  }

  private Table add(boolean right, String... headers) {
    Check.that(rows.isEmpty(), "columns must stand before the first row");
    for (String header : headers) {
      columns.add(new Column(Objects.requireNonNull(header, "header"), right));
    }
    return this;
  }

  /**
   * Appends a row. Whole numbers get thousands separators; null is an empty cell; anything else
   * stands as its {@code toString()}.
   *
   * @throws IllegalArgumentException if there is not one cell a column
   */
  public Table row(Object... cells) {
    Check.that(
        cells.length == columns.size(),
        "a row needs %d cells, has %d",
        columns.size(),
        cells.length);
    List<String> row = new ArrayList<>(cells.length);
    for (Object cell : cells) {
      row.add(text(cell));
    }
    rows.add(row);
    return this;
  }

  private static String text(Object cell) {
    return switch (cell) {
      case null -> "";
      case Integer number -> String.format(Locale.ROOT, "%,d", number);
      case Long number -> String.format(Locale.ROOT, "%,d", number);
      default -> cell.toString();
    };
  }

  /** The table, each line ended by a newline, without trailing blanks. */
  @Override
  public String toString() {
    int[] widths = new int[columns.size()];
    List<String> headers = columns.stream().map(Column::header).toList();
    widen(widths, headers);
    rows.forEach(row -> widen(widths, row));
    StringBuilder text = new StringBuilder();
    line(text, widths, headers);
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    line(text, widths, rule);
    rows.forEach(row -> line(text, widths, row));
    return text.toString();
  }

  private static void widen(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], length(cells.get(i)));
    }
  }

  private void line(StringBuilder text, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      String blanks = " ".repeat(widths[i] - length(cell));
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).right() ? blanks + cell : cell + blanks);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  /** Characters as a terminal shows them: a surrogate pair is one. */
  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
