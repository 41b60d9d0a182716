package io.github.lumina4j.image;

import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageWriterSpi;

/**
 * The ImageIO plugins this library works with: the JDK's own. Others that an application may have
 * registered are passed over, so that a file always gives the same picture.
 */
final class Codecs {
  private static final String JDK_PACKAGE = "com.sun.imageio.plugins.";

  private Codecs() {}

  /** A new reader; the caller disposes of it. */
  static ImageReader reader(ImageFormat format) throws IOException {
    Iterator<ImageReaderSpi> candidates =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (candidates.hasNext()) {
      ImageReaderSpi candidate = candidates.next();
      if (candidate.getClass().getName().startsWith(JDK_PACKAGE)
          && names(candidate.getFormatNames(), format)) {
        return candidate.createReaderInstance();
      }
    }
    throw new IIOException("no reader for " + format + " is in this Java runtime");
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
