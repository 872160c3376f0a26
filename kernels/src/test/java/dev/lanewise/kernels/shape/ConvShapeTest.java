package dev.lanewise.kernels.shape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvShapeTest {

  @Test
  void outputSizesOfTheSurvey() {
    assertEquals(109, new Axis(224, 7, 2, 0, 0, 1).output());
    assertEquals(55, new Axis(227, 11, 4, 0, 0, 1).output());
    assertEquals(112, new Axis(224, 7, 2, 3, 3, 1).output());
    assertEquals(28, new Axis(28, 3, 1, 2, 2, 2).output());
  }

  @Test
  void windowsKnowTheirTapsInsideTheInput() {
    Axis axis = new Axis(5, 4, 3, 3, 2, 2);
    for (int window = 0; window < axis.output(); window++) {
      for (int tap = 0; tap < axis.kernel(); tap++) {
        int at = axis.position(window, tap);
        boolean inside = at >= 0 && at < axis.input();
        assertEquals(inside, tap >= axis.firstTap(window) && tap < axis.endTap(window));
      }
    }
  }

  @Test
  void countsAreThoseOfTheDefinition() {
    ConvShape shape = ConvShape.conv2d(2, 64, 56, 56, 32, 3, 3).padding(1).groups(4);
    assertArrayEquals(new int[] {2, 64, 56, 56}, shape.inputDims());
    assertArrayEquals(new int[] {2, 32, 56, 56}, shape.outputDims());
    assertArrayEquals(new int[] {32, 16, 3, 3}, shape.filterDims());
    assertEquals(144, shape.terms());
    assertEquals(2L * 32 * 56 * 56 * 144, shape.multiplyAdds());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ic64ih56oc64oh56kh3ph1",
        "g32mb16ic128ih56oc128oh56kh3ph1",
        "ic3iw9oc2ow8kw3pw1rw2dw1",
        "ic3id4ih9iw8oc2od4oh9ow8kd3pd1",
        "ic3ih9oc2oh9kh3kw2ph1pw0rh1",
        "ic3ih9oc2oh9kh3ph1:reflect",
        "ic3iw9oc2ow8kw3pw1rw2dw1:circular",
      })
  void textIsReadAsItIsWritten(String text) {
    assertEquals(text, ConvShape.parse(text).toString());
  }

  @Test
  void smallerAxesCopyLargerOnes() {
    assertEquals(
        ConvShape.conv2d(1, 8, 20, 20, 4, 5, 5).stride(2).padding(2),
        ConvShape.parse("ic8ih20oc4kh5sh2ph2"));
    assertEquals(ConvShape.conv3d(1, 8, 6, 6, 6, 4, 3), ConvShape.parse("ic8id6oc4kd3"));
  }

  @Test
  void paddingMayBeGivenAfterAKernelThatNeedsIt() {
    assertArrayEquals(
        new int[] {1, 8, 2, 2}, ConvShape.conv2d(1, 3, 2, 2, 8, 3, 3).padding(1).outputDims());
  }

  @Test
  void samePaddingKeepsTheSizeOrDividesItByTheStride() {
    ConvShape even = ConvShape.conv2d(1, 8, 7, 10, 8, 4, 3);
    assertEquals(even.padding(new int[] {1, 1}, new int[] {2, 1}), even.same());
    assertArrayEquals(new int[] {1, 8, 7, 10}, even.same().outputDims());
    assertEquals(
        even.dilation(2).padding(new int[] {3, 2}, new int[] {3, 2}), even.dilation(2).same());
    ConvShape strided = even.stride(2, 3);
    assertEquals(strided.padding(new int[] {1, 1}, new int[] {2, 1}), strided.sameUpper());
    assertEquals(strided.padding(new int[] {2, 1}, new int[] {1, 1}), strided.sameLower());
    assertArrayEquals(new int[] {1, 8, 4, 4}, strided.sameUpper().outputDims());
    assertEquals(even, even.same().valid());
    assertEquals(0, new Axis(9, 1, 2, 0, 0, 1).samePadding());
    assertMessage("same padding needs stride 1, not 2", () -> conv(64).stride(2).same());
  }

  @Test
  void paddingOtherThanZerosBecomesPartOfTheInput() {
    ConvShape shape = conv(64).padding(new int[] {1, 2}, new int[] {3, 0}).stride(2);
    assertEquals(shape, shape.zeroPadded());
    assertEquals(
        ConvShape.conv2d(1, 64, 12, 10, 8, 3, 3).stride(2),
        shape.padding(PaddingMode.REPLICATE).zeroPadded());
  }

  @Test
  void badShapesAreRefusedWithRuleAndValues() {
    assertMessage("groups=3 does not divide inChannels=64", () -> conv(64).groups(3));
    assertMessage("batch must not be negative, is -1", () -> conv(64).batch(-1));
    assertMessage("stride must be at least 1, not 0", () -> conv(64).stride(0));
    assertMessage("padBefore must not be negative, is -1", () -> conv(64).padding(-1));
    assertMessage(
        "kernel extent 9 (kernel=3, dilation=4) exceeds padded input 8",
        () -> conv(64).dilation(4).outputDims());
    assertMessage("stride takes 1 or 2 values, not 3", () -> conv(64).stride(1, 2, 3));
    assertMessage(
        "reflect padding 8 must be less than input 8",
        () -> conv(64).padding(8).padding(PaddingMode.REFLECT));
    assertMessage(
        "circular padding 9 must not exceed input 8",
        () -> conv(64).padding(PaddingMode.CIRCULAR).padding(9));
    assertMessage("exceeds 2^31 - 1 elements", () -> conv(1 << 20).batch(1 << 10));
    assertMessage("exceeds 2^31 - 1", () -> ConvShape.conv2d(1, 1, Integer.MAX_VALUE, 2, 1, 1, 1));
  }

  @Test
  void badTextIsRefusedWithRuleAndValues() {
    assertMessage("unknown key 'xy'", () -> ConvShape.parse("ic3ih5oc3xy4"));
    assertMessage("stands twice", () -> ConvShape.parse("ic3ih5oc3ic3"));
    assertMessage("lacks oc", () -> ConvShape.parse("ic3ih5"));
    assertMessage("gives no input size", () -> ConvShape.parse("ic3oc3"));
    assertMessage("but the output is 3", () -> ConvShape.parse("ic3ih5oc3oh4kh3"));
    assertMessage("is not a list of name and number", () -> ConvShape.parse("3x3 64"));
    assertMessage("unknown padding mode 'mirror'", () -> ConvShape.parse("ic3ih5oc3:mirror"));
    assertMessage("is too large", () -> ConvShape.parse("ic9999999999ih5oc3"));
  }

  @Test
  void ceilModeAddsAWindowOnlyWhereItBeginsInside() {
    PoolShape pool = PoolShape.pool2d(1, 1, 6, 7, 3, 3).stride(2);
    assertArrayEquals(new int[] {1, 1, 2, 3}, pool.outputDims());
    assertArrayEquals(new int[] {1, 1, 3, 3}, pool.ceilMode(true).outputDims());
    PoolShape padded = PoolShape.pool2d(1, 1, 4, 4, 2, 2).stride(3).padding(1);
    assertArrayEquals(new int[] {1, 1, 2, 2}, padded.ceilMode(true).outputDims());
    assertMessage(
        "window 0 of 5 lies wholly in the padding",
        () -> PoolShape.pool2d(1, 1, 9, 9, 3, 3).padding(3).stride(3).outputDims());
  }

  private static ConvShape conv(int channels) {
    return ConvShape.conv2d(1, channels, 8, 8, 8, 3, 3);
  }

  private static void assertMessage(String part, Executable action) {
    String message = assertThrows(IllegalArgumentException.class, action).getMessage();
    assertTrue(message.contains(part), message);
  }
}
