package dev.lanewise.nn.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void alignsColumnsAndGroupsThousands() {
    Table table = new Table().left("layer").right("parameters", "ms");
    table.row("conv1", 156, "0.5").row("a long name", 37_752_832L, null);
    assertEquals(
        """
        layer        parameters   ms
        -----------  ----------  ---
        conv1               156  0.5
        a long name  37,752,832
        """,
        table.toString());
  }

  @Test
  void countsCharactersOutsideTheBasicPlaneOnce() {
    Table table = new Table().left("a").right("b").row("\uD83D\uDE00", "x").row("yy", "z");
    assertEquals("\uD83D\uDE00   x", table.toString().lines().toList().get(2));
  }

  @Test
  void refusesRowsOfAnotherLength() {
    Table table = new Table().left("a", "b");
    assertEquals(
        "a row needs 2 cells, has 1",
        assertThrows(IllegalArgumentException.class, () -> table.row("x")).getMessage());
  }
}
