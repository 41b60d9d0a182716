package io.github.lumina4j.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An adapter of rank 2 for the first layer of {@link Recipes#tiny}, whose width is 64. */
public final class TinyAdapter {
  private static final int RANK = 2;
  private static final String LAYER = "base_model.model.model.layers.0.self_attn.q_proj.";

  private TinyAdapter() {}

  /** Writes the folder, which must exist; {@code width} other than 64 does not fit the model. */
  public static Path write(Path folder, int width) throws IOException {
    Files.writeString(
        folder.resolve("adapter_config.json"),
        "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":4,\"bias\":\"none\"}");
    int bytes = RANK * width * Float.BYTES;
    String header =
        String.format(
            "{\"%slora_A.weight\":{\"dtype\":\"F32\",\"shape\":[2,%d],\"data_offsets\":[0,%d]},"
                + "\"%slora_B.weight\":{\"dtype\":\"F32\",\"shape\":[%d,2],\"data_offsets\":[%d,%d]}}",
            LAYER, width, bytes, LAYER, width, bytes, 2 * bytes);
    String padded = header + " ".repeat(-header.length() & 7);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + padded.length() + 2 * bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded.length())
            .put(padded.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 2 * RANK * width; i++) {
      file.putFloat((float) Math.sin(0.7 * i));
    }
    return Files.write(folder.resolve("adapter_model.safetensors"), file.array()).getParent();
  }
}
