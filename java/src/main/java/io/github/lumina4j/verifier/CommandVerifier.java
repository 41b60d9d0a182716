package io.github.lumina4j.verifier;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.Verifier;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.internal.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run by the shell for each picture: it reads {@code {"prompt": ..., "picture":
 * "/tmp/.../picture.png", ...}} from standard input and prints a number. The picture's file is gone
 * when the program has ended.
 */
public final class CommandVerifier implements Verifier {
  private final String command;
  private final Duration limit;

  /**
   * @param command a line for the shell
   * @param limit after which the program is ended and the score counts as failed
   */
  public CommandVerifier(String command, Duration limit) {
    this.command = Objects.requireNonNull(command, "command");
    this.limit = Objects.requireNonNull(limit, "limit");
    if (command.isBlank()) {
      throw new IllegalArgumentException("the verifier's command is empty");
    }
  }

  @Override
  public double score(GenerationResult result, CancellationToken cancellation) {
    try {
      Path folder = Files.createTempDirectory("lumina-verifier-");
      // Files rather than pipes: a program that does not read or says much cannot block us.
      Path image = folder.resolve("picture.png");
      Path question = folder.resolve("question.json");
      Path answer = folder.resolve("answer");
      Path errors = folder.resolve("errors");
      try {
        ImageFiles.write(image, result.mainImage());
        Files.writeString(
            question, Json.write(Question.of(result.request(), image.toString(), null)) + "\n");
        Process process =
            new ProcessBuilder("/bin/sh", "-c", command)
                .redirectInput(question.toFile())
                .redirectOutput(answer.toFile())
                .redirectError(errors.toFile())
                .start();
        await(process, cancellation);
        if (process.exitValue() != 0) {
          String said = Score.shorten(beginning(errors));
          throw Score.failure(
              "the command ended with " + process.exitValue() + (said.isEmpty() ? "" : ": " + said),
              null);
        }
        return Score.parse(beginning(answer));
      } finally {
        for (Path file : new Path[] {image, question, answer, errors, folder}) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw Score.failure(e.getMessage(), e);
    }
  }

  private void await(Process process, CancellationToken cancellation) {
    try (CancellationToken.Registration stop = cancellation.onCancel(() -> end(process))) {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        if (cancellation.isCancelled()) {
          throw new GenerationCancelledException("cancelled while the verifier ran");
        }
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GenerationCancelledException("interrupted while the verifier ran");
    } finally {
      end(process);
    }
    throw Score.failure("no answer within " + limit.toMillis() / 1000.0 + " s", null);
  }

  /** Ends the shell, and its children before; none are left of one that ended. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static String beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(Score.MAX_BYTES), StandardCharsets.UTF_8);
    }
  }
}
