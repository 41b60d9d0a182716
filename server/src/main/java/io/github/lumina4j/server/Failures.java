package io.github.lumina4j.server;

import io.github.lumina4j.LuminaException;
import java.lang.System.Logger.Level;

/** Which answer a failure becomes. */
final class Failures {
  private static final System.Logger LOG = System.getLogger(LuminaServer.class.getName());

  private Failures() {}

  /** The answer to {@code failure}; what nobody expected is logged. */
  static ApiException answer(Throwable failure) {
    if (failure instanceof ApiException answer) {
      return answer;
    }
    if (failure instanceof OutOfMemoryError) {
      LOG.log(Level.ERROR, "out of memory", failure);
      return ApiException.unavailable("out_of_memory", "the server is out of memory");
    }
    if (failure instanceof LuminaException lumina) {
      switch (lumina.code()) {
        case INVALID_ARGUMENT:
          return ApiException.invalid(null, lumina.getMessage());
        case INCOMPLETE:
          return ApiException.incomplete(lumina.getMessage());
        case OUT_OF_MEMORY:
        case DEVICE:
          LOG.log(Level.ERROR, lumina.getMessage(), lumina);
          return ApiException.unavailable(
              lumina.code().id().replace('-', '_'), "the server lacks memory or its device");
        case CANCELLED:
          return ApiException.stopping();
        default:
          break;
      }
    }
    if (failure instanceof IllegalArgumentException refused && refused.getMessage() != null) {
      return ApiException.invalid(null, refused.getMessage());
    }
    LOG.log(Level.ERROR, "a request failed", failure);
    return ApiException.internal();
  }
}
