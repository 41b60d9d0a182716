package io.github.lumina4j.server;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Who is answered: those who know the key, if there is one. And no pages of other sites in the
 * browser of somebody on this machine, which a loopback address alone would not keep away.
 */
final class Guard {
  private static final String SCHEME = "bearer ";

  private final byte[] key; // its SHA-256; null if everybody is answered
  private final Set<String> names; // null if any will do

  Guard(ServerOptions options) {
    key = options.apiKey().map(Guard::sha256).orElse(null);
    names = isLoopback(options.host()) ? names(options) : null;
  }

  /**
   * @throws ApiException if the request comes from a page of another site
   */
  void checkOrigin(HttpServerRequest request) {
    String host = request.getHeader("Host");
    if (names != null && host != null && !names.contains(withoutPort(host))) {
      throw ApiException.forbidden(
          "this server is not called " + printable(host) + "; --host-name adds a name");
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !authority(origin).equalsIgnoreCase(host)) {
      throw ApiException.forbidden("pages of other sites are not answered");
    }
  }

  /**
   * @throws ApiException if a key is needed and not there
   */
  void checkKey(HttpServerRequest request) {
    if (key == null) {
      return;
    }
    String header = request.getHeader("Authorization");
    boolean bearer = header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String given = bearer ? header.substring(SCHEME.length()).strip() : "";
    // Hashes are of one length, and their comparison takes the same time wherever they differ.
    if (!MessageDigest.isEqual(key, sha256(given))) {
      throw ApiException.unauthorized();
    }
  }

  private static Set<String> names(ServerOptions options) {
    Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    names.add(options.host().toLowerCase(Locale.ROOT));
    options.hostNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  /** Whether {@code host} is an address that other machines do not reach. */
  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // listening on it will fail, with a message of its own
    }
  }

  private static String withoutPort(String host) {
    return host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
  }

  private static String authority(String origin) {
    return origin.replaceFirst("^https?://", "");
  }

  private static String printable(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return "'" + (plain.length() > 80 ? plain.substring(0, 80) : plain) + "'";
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
