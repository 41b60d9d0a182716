package io.github.lumina4j.rewrite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.internal.Json;
import io.github.lumina4j.internal.JsonClient;
import io.github.lumina4j.internal.Lines;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Has a language model rewrite prompts, over the chat API that OpenAI began and most servers of
 * language models speak. May be called from any thread.
 */
public final class ChatRewriter implements PromptRewriter {
  /** What the language model is told, unless the builder is given something else. */
  public static final String INSTRUCTIONS =
      """
      You write prompts for a program that draws pictures. The user says what one picture is to \
      show. Answer with a prompt that describes this picture: what is to be seen and how many of \
      each, colours, where things are relative to each other, the setting, the light, the style. \
      Keep everything the user says, above all numbers, colours, positions and words in quotation \
      marks, and add only what goes with it. Write in the user's language, in one paragraph of at \
      most 120 words. Answer with the prompt alone: no heading, no explanation, no quotation marks.
      """
          .strip();

  /** Longest prompt that is taken from an answer, in characters. */
  public static final int MAX_CHARS = 8_000;

  private static final String COMPLETIONS = "/chat/completions";
  private static final int MAX_BYTES = 1 << 20;
  private static final int SHOWN = 60;

  // Servers that do not know how a model marks its thoughts hand them out with the answer.
  private static final String THOUGHT = "<think>";
  private static final Pattern WHOLE_THOUGHT =
      Pattern.compile("\\A" + THOUGHT + ".*?</think>", Pattern.DOTALL);

  private record Message(String role, String content) {}

  private record Chat(String model, List<Message> messages, boolean stream) {}

  private final JsonClient service;
  private final String model;
  private final String instructions;
  private final Map<String, String> headers;

  private ChatRewriter(Builder builder) {
    service = new JsonClient(completions(builder.address), builder.limit, MAX_BYTES);
    model = builder.model;
    instructions = builder.instructions;
    headers =
        builder.apiKey.map(key -> Map.of("Authorization", "Bearer " + key)).orElseGet(Map::of);
  }

  /**
   * Begins a rewriter.
   *
   * @param address of the API, such as {@code https://api.openai.com/v1}
   * @param model its name there
   */
  public static Builder builder(URI address, String model) {
    return new Builder(address, model);
  }

  /**
   * Asks the language model.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if no prompt comes back in time
   * @throws GenerationCancelledException if cancelled
   */
  @Override
  public String rewrite(String prompt, CancellationToken cancellation) {
    Chat chat =
        new Chat(
            model,
            List.of(new Message("system", instructions), new Message("user", prompt)),
            false);
    try {
      return prompt(service.post(Json.write(chat), headers, cancellation));
    } catch (IOException e) {
      throw failure(e.getMessage(), e);
    }
  }

  private static String prompt(String answer) {
    JsonNode choice;
    try {
      choice = new ObjectMapper().readTree(answer).path("choices").path(0);
    } catch (JsonProcessingException e) {
      throw failure("the answer is not JSON: '" + Lines.shorten(answer, SHOWN) + "'", e);
    }
    JsonNode content = choice.path("message").path("content");
    if (!content.isTextual()) {
      throw failure("no text is in the answer: '" + Lines.shorten(answer, SHOWN) + "'", null);
    }
    if (choice.path("finish_reason").asText().equals("length")) {
      throw failure("the answer was cut off by the service's limit of tokens", null);
    }
    String text = WHOLE_THOUGHT.matcher(content.textValue().strip()).replaceFirst("").strip();
    if (text.isEmpty() || text.startsWith(THOUGHT)) {
      throw failure("the answer holds no prompt", null);
    }
    if (text.length() > MAX_CHARS) {
      throw failure(
          "the answer has " + text.length() + " characters, and a prompt at most " + MAX_CHARS,
          null);
    }
    if (text.indexOf('\0') >= 0) {
      throw failure("the answer holds a NUL character", null);
    }
    return text;
  }

  private static LuminaException failure(String reason, Throwable cause) {
    return new LuminaException(ErrorCode.IO, "rewriting the prompt: " + reason, cause);
  }

  /** The address of the API, or the whole one of its chat, as the address of the chat. */
  private static URI completions(URI address) {
    String text = address.toString().replaceFirst("/+$", "");
    return text.endsWith(COMPLETIONS) ? address : URI.create(text + COMPLETIONS);
  }

  /** Collects what a rewriter needs. */
  public static final class Builder {
    private final URI address;
    private final String model;
    private Optional<String> apiKey = Optional.empty();
    private String instructions = INSTRUCTIONS;
    private Duration limit = Duration.ofSeconds(60);

    private Builder(URI address, String model) {
      this.address = Objects.requireNonNull(address, "address");
      this.model = model;
      if (model.isBlank()) {
        throw new IllegalArgumentException("the name of the language model is empty");
      }
    }

    /**
     * What the service asks of its callers.
     *
     * @throws IllegalArgumentException if it cannot be one; the message does not show it
     */
    public Builder apiKey(String key) {
      if (!key.matches("[!-~]+")) {
        throw new IllegalArgumentException(
            "the API key of the rewriting service is empty or has characters that no key has");
      }
      apiKey = Optional.of(key);
      return this;
    }

    /** In the place of {@link #INSTRUCTIONS}. */
    public Builder instructions(String text) {
      if (text.isBlank()) {
        throw new IllegalArgumentException("the instructions of the language model are empty");
      }
      instructions = text;
      return this;
    }

    /** For the whole answer; a minute by default. */
    public Builder limit(Duration longest) {
      limit = Objects.requireNonNull(longest, "limit");
      return this;
    }

    /**
     * Makes the rewriter; nothing is asked yet.
     *
     * @throws IllegalArgumentException if the address is not one of the web
     */
    public ChatRewriter build() {
      return new ChatRewriter(this);
    }
  }
}
