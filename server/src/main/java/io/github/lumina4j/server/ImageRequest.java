package io.github.lumina4j.server;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.image.ImageFormat;

/**
 * What a client asked for, checked.
 *
 * @param edit whether it came with a picture, which decides the names of events
 * @param first the first picture; nothing is left to the model but the window
 * @param count pictures, with the seeds seed, seed + 1, ...
 * @param format of the answer: PNG or JPEG
 * @param jpegQuality 0 to 1
 * @param url whether pictures are fetched by URL instead of lying in the answer
 * @param stream whether the answer is a stream of events
 * @param progress whether the stream also tells how far the picture is
 * @param partials when the stream shows a picture that is not finished
 * @param user who asks, in the client's words; empty if it does not say
 */
record ImageRequest(
    boolean edit,
    GenerationRequest first,
    int count,
    ImageFormat format,
    double jpegQuality,
    boolean url,
    boolean stream,
    boolean progress,
    PartialImages partials,
    String user) {

  /** Picture number {@code index}, from 0. */
  GenerationRequest picture(int index) {
    return first.withSeed(first.sampling().seed() + index);
  }

  /** The name of the format in the API. */
  String formatName() {
    return format == ImageFormat.PNG ? "png" : "jpeg";
  }
}
