package io.github.lumina4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.github.lumina4j.Seeds;
import java.io.IOException;

/**
 * How a picture was chosen among several, as records keep it.
 *
 * @param count how many were made, or should have been where the model ended some early
 * @param firstSeed of the first of them
 * @param score of the one that was kept; null in a request, which has none yet
 */
record UsedBestOf(
    int count,
    @JsonSerialize(using = SeedOut.class) @JsonDeserialize(using = SeedIn.class) long firstSeed,
    Double score) {
  static final class SeedOut extends JsonSerializer<Long> {
    @Override
    public void serialize(Long seed, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeNumber(Seeds.number(seed));
    }
  }

  static final class SeedIn extends JsonDeserializer<Long> {
    @Override
    public Long deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return json.getBigIntegerValue().longValue();
    }
  }

  /** For people. */
  String text() {
    return count
        + " from seed "
        + Seeds.text(firstSeed)
        + (score == null ? "" : ", score " + score);
  }
}
