package io.github.lumina4j.image;

import java.io.IOException;
import java.util.Iterator;
import java.util.ServiceLoader;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageWriterSpi;

/**
 * The ImageIO plugins this library works with: the JDK's own, and for WebP the one on our class
 * path. Others that an application may have registered are passed over, so that a file always gives
 * the same picture.
 */
final class Codecs {
  private static final String JDK_PACKAGE = "com.sun.imageio.plugins.";
  private static final String WEBP_PACKAGE = "com.twelvemonkeys.imageio.plugins.webp.";

  private Codecs() {}

  /** A new reader; the caller disposes of it. */
  static ImageReader reader(ImageFormat format) throws IOException {
    boolean webp = format == ImageFormat.WEBP;
    // The registry sees the context class loader only; our own loader sees our dependencies.
    Iterator<ImageReaderSpi> candidates =
        webp
            ? ServiceLoader.load(ImageReaderSpi.class, Codecs.class.getClassLoader()).iterator()
            : IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    String home = webp ? WEBP_PACKAGE : JDK_PACKAGE;
    while (candidates.hasNext()) {
      ImageReaderSpi candidate = candidates.next();
      if (candidate.getClass().getName().startsWith(home)
          && names(candidate.getFormatNames(), format)) {
        return candidate.createReaderInstance();
      }
    }
    throw new IIOException("no reader for " + format + " is on the class path");
  }

  /** A new writer of JPEG; the caller disposes of it. */
  static ImageWriter jpegWriter() throws IOException {
    Iterator<ImageWriterSpi> candidates =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageWriterSpi.class, true);
    while (candidates.hasNext()) {
      ImageWriterSpi candidate = candidates.next();
      if (candidate.getClass().getName().startsWith(JDK_PACKAGE)
          && names(candidate.getFormatNames(), ImageFormat.JPEG)) {
        return candidate.createWriterInstance();
      }
    }
    throw new IIOException("no writer for JPEG is in this Java runtime");
  }

  private static boolean names(String[] names, ImageFormat format) {
    for (String name : names) {
      if (name.equalsIgnoreCase(format.name())) {
        return true;
      }
    }
    return false;
  }
}
