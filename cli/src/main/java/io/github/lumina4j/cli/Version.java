package io.github.lumina4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  /** The version of this program, such as {@code 0.1.0}. */
  static final String NUMBER;

  /** The libtorch that this program was built for, such as {@code 2.10.0-1.5.13}. */
  static final String PYTORCH;

  static {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    NUMBER = properties.getProperty("version");
    PYTORCH = properties.getProperty("pytorch");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "lumina " + NUMBER,
      "libtorch "
          + PYTORCH.substring(0, PYTORCH.indexOf('-'))
          + " (org.bytedeco:pytorch:"
          + PYTORCH
          + ")",
      "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")"
    };
  }
}
