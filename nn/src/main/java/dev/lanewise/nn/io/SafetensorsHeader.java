package dev.lanewise.nn.io;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and checks the JSON header of a safetensors file. */
final class SafetensorsHeader {

  static final String METADATA = "__metadata__";

  /** More than any published network; a longer list of dimensions is a lie. */
  private static final int MAX_RANK = 16;

  /** Characters of a parser's message that are passed on. */
  private static final int MAX_MESSAGE = 160;

  /**
   * Where a tensor lies.
   *
   * @param type of its elements
   * @param shape its dimensions
   * @param begin first byte, counted from the end of the header
   * @param elements how many
   */
  record Entry(ElementType type, List<Integer> shape, int begin, int elements) {
    int end() {
      return begin + elements * type.bytes();
    }

    int[] dims() {
      return shape.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  private final JsonReader json;
  private final int dataLength;
  private final String file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafetensorsHeader(JsonReader json, int dataLength, String file) {
    this.json = json;
    this.dataLength = dataLength;
    this.file = file;
  }

  /**
   * Reads the header.
   *
   * @param dataLength bytes that follow the header
   * @param file name for messages
   * @throws IOException if the header is not JSON of the right form, or its offsets do not lay all
   *     tensors side by side over exactly those bytes
   */
  static SafetensorsHeader read(InputStream in, int dataLength, String file) throws IOException {
    InputStreamReader text = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    try (JsonReader json = new JsonReader(text)) {
      json.setStrictness(Strictness.STRICT);
      SafetensorsHeader header = new SafetensorsHeader(json, dataLength, file);
      header.readAll();
      header.checkCover();
      return header;
    } catch (IllegalStateException | NumberFormatException wrong) {
      throw new IOException(file + ": damaged header: " + firstLine(wrong), wrong);
    } catch (DamagedException damaged) {
      throw damaged;
    } catch (IOException notJson) {
      throw new IOException(file + ": the header is not JSON: " + firstLine(notJson), notJson);
    }
  }

  /**
   * What is wrong and where; Gson's further lines are for programmers, its paths can be endless.
   */
  private static String firstLine(Exception failure) {
    String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
  }

  /** A rule of the format that the file breaks. */
  private static final class DamagedException extends IOException {
    DamagedException(String message) {
      super(message);
    }
  }

  private DamagedException damaged(String rule) {
    return new DamagedException(file + ": " + rule);
  }

  private void readAll() throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (name.equals(METADATA)) {
        readMetadata();
      } else if (entries.put(name, entry(name)) != null) {
        throw damaged("tensor %s stands twice in the header".formatted(name));
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw damaged("text follows the header's last brace");
    }
  }

  /** Keeps what is text, as the format has it, and passes over anything else. */
  private void readMetadata() throws IOException {
    if (json.peek() != JsonToken.BEGIN_OBJECT) {
      json.skipValue();
      return;
    }
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (json.peek() == JsonToken.STRING) {
        metadata.put(name, json.nextString());
      } else {
        json.skipValue();
      }
    }
    json.endObject();
  }

  /** Where each tensor lies, by name, in the header's order. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** Texts about the file. */
  Map<String, String> metadata() {
    return metadata;
  }

  private Entry entry(String name) throws IOException {
    String type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "dtype" -> type = json.nextString();
        case "shape" -> shape = numbers(name, MAX_RANK);
        case "data_offsets" -> offsets = numbers(name, 2);
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw damaged("tensor %s needs dtype, shape and two data_offsets".formatted(name));
    }
    return entry(name, type(name, type), shape, offsets.get(0), offsets.get(1));
  }

  private ElementType type(String tensor, String name) throws IOException {
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw damaged(
        "tensor %s has type %s; those that are read are %s"
            .formatted(tensor, name, Arrays.toString(ElementType.values())));
  }

  private Entry entry(String name, ElementType type, List<Long> shape, long begin, long end)
      throws IOException {
    if (begin < 0 || end < begin || end > dataLength) {
      throw damaged(
          "tensor %s lies at bytes %d to %d of %d bytes of data"
              .formatted(name, begin, end, dataLength));
    }
    long bytes = type.bytes();
    for (long dim : shape) {
      // The data is below 2^31 bytes, so that the product cannot overflow before it is refused.
      if (dim < 1 || dim > dataLength || (bytes *= dim) > dataLength) {
        throw damaged(
            "tensor %s of shape %s does not fit %d bytes".formatted(name, shape, dataLength));
      }
    }
    if (bytes != end - begin) {
      throw damaged(
          "tensor %s of type %s and shape %s needs %d bytes, its offsets give %d"
              .formatted(name, type, shape, bytes, end - begin));
    }
    List<Integer> dims = shape.stream().map(Long::intValue).toList();
    return new Entry(type, dims, (int) begin, (int) (bytes / type.bytes()));
  }

  private List<Long> numbers(String name, int most) throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      if (numbers.size() == most) {
        throw damaged("tensor %s has a list of more than %d numbers".formatted(name, most));
      }
      numbers.add(json.nextLong());
    }
    json.endArray();
    return numbers;
  }

  /** Requires the tensors to lie side by side from the first byte to the last. */
  private void checkCover() throws IOException {
    List<Map.Entry<String, Entry>> sorted = new ArrayList<>(entries.entrySet());
    sorted.sort(Comparator.comparingInt(entry -> entry.getValue().begin()));
    int end = 0;
    for (Map.Entry<String, Entry> entry : sorted) {
      int begin = entry.getValue().begin();
      if (begin != end) {
        throw damaged(
            "tensor %s begins at byte %d, %s at %d"
                .formatted(
                    entry.getKey(),
                    begin,
                    begin < end ? "inside another that ends" : "after a gap that begins",
                    end));
      }
      end = entry.getValue().end();
    }
    if (end != dataLength) {
      throw damaged("the tensors end at byte %d of %d bytes of data".formatted(end, dataLength));
    }
  }
}
