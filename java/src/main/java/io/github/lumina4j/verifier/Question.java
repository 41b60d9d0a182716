package io.github.lumina4j.verifier;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.Seeds;
import java.math.BigInteger;

/**
 * What a verifier outside is asked, as JSON.
 *
 * @param picture the file of the picture, a PNG; null if it comes as {@code pictureBase64}
 * @param pictureBase64 the bytes of a PNG file; null if they are in a file
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Question(
    String prompt,
    String description,
    String task,
    BigInteger seed,
    String picture,
    String pictureBase64) {

  static Question of(GenerationRequest request, String picture, String pictureBase64) {
    return new Question(
        request.prompt(),
        request.description().isEmpty() ? null : request.description(),
        request.task().name(),
        Seeds.number(request.sampling().seed()),
        picture,
        pictureBase64);
  }
}
