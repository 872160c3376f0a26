package dev.lanewise.verify.golden;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Fields of a JSON object; a missing or ill-typed one is an error that names it. */
final class Json {

  private Json() {}

  /**
   * Reads a file whose top is an object.
   *
   * @throws IOException if it cannot be read or is not JSON, naming the file
   */
  static JsonObject read(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      JsonObject json = new Gson().fromJson(reader, JsonObject.class);
      if (json == null) {
        throw new IOException(file + " is empty");
      }
      return json;
    } catch (JsonParseException e) {
      throw new IOException(file + " is not a JSON object: " + e.getMessage(), e);
    }
  }

  private static <T> T field(JsonObject json, String name, Function<JsonElement, T> reading) {
    JsonElement element = json.get(name);
    if (element == null) {
      throw new IllegalArgumentException("field '" + name + "' is missing");
    }
    try {
      return reading.apply(element);
    } catch (IllegalStateException
        | ClassCastException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw new IllegalArgumentException("field '" + name + "' has the wrong type", e);
    }
  }

  static String text(JsonObject json, String name) {
    return field(json, name, JsonElement::getAsString);
  }

  static double number(JsonObject json, String name) {
    return field(json, name, JsonElement::getAsDouble);
  }

  static long whole(JsonObject json, String name) {
    return field(json, name, JsonElement::getAsLong);
  }

  static double[] doubles(JsonObject json, String name) {
    return field(
        json,
        name,
        element ->
            element.getAsJsonArray().asList().stream()
                .mapToDouble(JsonElement::getAsDouble)
                .toArray());
  }

  static int[] ints(JsonObject json, String name) {
    return field(json, name, element -> ints(element.getAsJsonArray()));
  }

  static int[] ints(JsonArray array) {
    return array.asList().stream().mapToInt(JsonElement::getAsInt).toArray();
  }

  static JsonObject object(JsonObject json, String name) {
    return field(json, name, JsonElement::getAsJsonObject);
  }

  /** The entries of an object in their order. */
  static <T> Map<String, T> entries(
      JsonObject json, String name, Function<JsonElement, T> reading) {
    Map<String, T> entries = new LinkedHashMap<>();
    object(json, name)
        .entrySet()
        .forEach(e -> entries.put(e.getKey(), field(object(json, name), e.getKey(), reading)));
    return entries;
  }
}
