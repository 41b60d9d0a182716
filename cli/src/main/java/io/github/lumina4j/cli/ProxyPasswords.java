package io.github.lumina4j.cli;

import java.util.stream.Stream;

/**
 * Java sends no password to a proxy of HTTPS unless a property of the process says so. A user who
 * has put one into the variable means it to be sent.
 */
final class ProxyPasswords {
  private static final String REFUSED = "jdk.http.auth.tunneling.disabledSchemes";

  private ProxyPasswords() {}

  /** To be called before the first connection of the process. */
  static void allow(Environment environment) {
    boolean given =
        Stream.of("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
            .anyMatch(name -> environment.variable(name).contains("@"));
    if (given && System.getProperty(REFUSED) == null) {
      System.setProperty(REFUSED, "");
    }
  }
}
