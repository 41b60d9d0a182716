package io.github.lumina4j.hub;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.model.CacheFolder;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of {@code huggingface_hub}, read as it reads them. An empty one counts as none. */
final class HubSettings {
  private static final String PUBLIC_HUB = "https://huggingface.co";
  private static final Set<String> YES = Set.of("1", "on", "yes", "true");
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)\\})", Pattern.UNICODE_CHARACTER_CLASS);

  private final Map<String, String> variables;

  HubSettings(Map<String, String> variables) {
    this.variables = variables;
  }

  /** The folder all repositories are below. */
  Path cache() {
    return first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
        .map(this::path)
        .orElseGet(() -> home().resolve("hub"));
  }

  private Path home() {
    return first("HF_HOME")
        .map(this::path)
        .orElseGet(
            () ->
                first("XDG_CACHE_HOME")
                    .map(this::path)
                    .orElseGet(this::userCache)
                    .resolve("huggingface"));
  }

  /** As the Python library has it; where there is no such home, as this library's own cache. */
  private Path userCache() {
    Optional<Path> usual = first("HOME").map(home -> path("~/.cache"));
    return usual
        .filter(folder -> Files.isDirectory(folder.resolve("huggingface")))
        .orElseGet(() -> CacheFolder.ofUser(variables).toAbsolutePath());
  }

  /**
   * Where the hub is: scheme, host and perhaps a path that does not end in a slash.
   *
   * @throws IllegalArgumentException if HF_ENDPOINT is no such address
   */
  URI endpoint() {
    String text = first("HF_ENDPOINT").orElse(PUBLIC_HUB).replaceAll("/+$", "");
    try {
      URI uri = new URI(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new IllegalArgumentException("HF_ENDPOINT: not an address such as " + PUBLIC_HUB);
  }

  /**
   * The user's token, from its variable or the file that {@code hf auth login} writes.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if the file cannot be read
   */
  Optional<AccessToken> token() {
    Optional<String> text = first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
    if (text.isPresent()) {
      return AccessToken.of(text.get(), "HF_TOKEN");
    }
    Path file = first("HF_TOKEN_PATH").map(this::path).orElseGet(() -> home().resolve("token"));
    try {
      return AccessToken.of(Files.readString(file), file.toString());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot read the token in " + file + ": " + HubFailures.reason(e), e);
    }
  }

  /** Whether nothing may be asked over the network. */
  boolean offline() {
    return first("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
        .map(text -> YES.contains(text.toLowerCase(Locale.ROOT)))
        .orElse(false);
  }

  ProxyVariables proxies() {
    return new ProxyVariables(variables);
  }

  private Optional<String> first(String... names) {
    for (String name : names) {
      String value = variables.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** A path in which {@code ~} at the beginning and variables are replaced. */
  private Path path(String text) {
    String user =
        first("HOME")
            .or(
                () ->
                    Optional.of(System.getProperty("user.home")).filter(home -> !home.equals("?")))
            .orElse("/");
    String there = text.equals("~") || text.startsWith("~/") ? user + text.substring(1) : text;
    String full =
        VARIABLE
            .matcher(there)
            .replaceAll(
                match -> {
                  String name = match.group(1) != null ? match.group(1) : match.group(2);
                  return Matcher.quoteReplacement(variables.getOrDefault(name, match.group()));
                });
    return Path.of(full).toAbsolutePath().normalize();
  }
}
