package io.github.lumina4j.image;

import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.OutOfMemoryException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.internal.AtomicFile;
import io.github.lumina4j.internal.ByteNames;
import io.github.lumina4j.internal.WritableFile;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Reading and writing picture files. Formats are told by content when reading and by extension when
 * writing: see {@link ImageFormat}.
 *
 * <p>What is read comes upright (Exif orientation of JPEG, PNG, WebP and TIFF applied), as 8-bit
 * RGB, with transparency on white. Colour profiles are applied if {@link ReadOptions} say so. A
 * file that is damaged, cut off or beyond the limits is refused as a whole. Every failure is one
 * {@link LuminaException} whose message names the file. All methods may be called from any thread.
 */
public final class ImageFiles {
  /** What a pixel of a photograph takes in a PNG file, rather too little than too much. */
  private static final long BYTES_PER_PIXEL = 1;

  /** What is said about a picture in its file. */
  private static final long TEXT_BYTES = 2048;

  private ImageFiles() {}

  /** Reads a picture within {@link ReadLimits#DEFAULT}; see {@link #read(Path, ReadLimits)}. */
  public static RgbImage read(Path file) {
    return read(file, ReadLimits.DEFAULT);
  }

  /**
   * Reads a picture.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if the file is missing, is no picture, is
   *     damaged or exceeds the limits
   * @throws OutOfMemoryException if the picture does not fit into the Java heap
   */
  public static RgbImage read(Path file, ReadLimits limits) {
    return read(file, new ReadOptions(limits, false));
  }

  /**
   * Reads a picture.
   *
   * @throws LuminaException with {@link ErrorCode#IO} as {@link #read(Path, ReadLimits)}, or if its
   *     colour profile is to be applied and is damaged or not one for RGB or grey
   * @throws OutOfMemoryException if the picture does not fit into the Java heap
   */
  public static RgbImage read(Path file, ReadOptions options) {
    return decode(load(file, options.limits()), file.toString(), options);
  }

  /** Reads a picture within {@link ReadLimits#DEFAULT}. */
  public static RgbImage read(InputStream in, String name) {
    return read(in, name, ReadLimits.DEFAULT);
  }

  /**
   * Reads a picture from a stream up to its end; the stream stays open.
   *
   * @param name stands for the file in messages
   * @throws LuminaException as {@link #read(Path, ReadLimits)}
   */
  public static RgbImage read(InputStream in, String name, ReadLimits limits) {
    return read(in, name, new ReadOptions(limits, false));
  }

  /**
   * The same with options.
   *
   * @throws LuminaException as {@link #read(Path, ReadOptions)}
   */
  public static RgbImage read(InputStream in, String name, ReadOptions options) {
    ReadLimits limits = options.limits();
    byte[] bytes;
    try {
      bytes = in.readNBytes((int) limits.maxBytes() + 1);
    } catch (IOException e) {
      throw unreadable(name, reason(e), e);
    }
    if (bytes.length > limits.maxBytes()) {
      throw unreadable(name, "it exceeds the limit of " + limits.maxBytes() + " bytes", null);
    }
    return decode(bytes, name, options);
  }

  /**
   * The text stored in a PNG file: keyword to text, in the file's order.
   *
   * @throws LuminaException with {@link ErrorCode#IO} if the file is missing, is not PNG or is
   *     damaged
   */
  public static Map<String, String> readText(Path file) {
    byte[] bytes = load(file, ReadLimits.DEFAULT);
    try {
      if (ImageFormat.of(bytes).filter(f -> f == ImageFormat.PNG).isEmpty()) {
        throw unreadable(file.toString(), "text is kept in PNG files only", null);
      }
      return PngText.read(PngChunks.of(bytes));
    } catch (IOException e) {
      throw unreadable(file.toString(), reason(e), e);
    }
  }

  /** Writes a picture with {@link WriteOptions#DEFAULT}. */
  public static void write(Path file, RgbImage image) {
    write(file, image, WriteOptions.DEFAULT);
  }

  /**
   * Writes a picture in the format that the extension names, over an existing file if there is one.
   * The file appears complete or not at all.
   *
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if the extension is not one
   *     that can be written or the picture is too large for the format, with {@link ErrorCode#IO}
   *     if the folder does not exist or writing fails
   */
  public static void write(Path file, RgbImage image, WriteOptions options) {
    ImageFormat format = checkWritable(file);
    checkEncodable(format, image);
    try {
      AtomicFile.write(file, out -> encodeTo(out, image, format, options));
    } catch (IOException e) {
      throw unwritable(file, ErrorCode.IO, reason(e), e);
    }
  }

  /**
   * Writes a picture to a stream, which stays open.
   *
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} if the format cannot be written
   *     or the picture is too large for it
   * @throws IOException if the stream fails
   */
  public static void write(
      OutputStream out, RgbImage image, ImageFormat format, WriteOptions options)
      throws IOException {
    checkEncodable(format, image);
    encodeTo(out, image, format, options);
  }

  /**
   * The bytes of a picture's file.
   *
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} as {@link #write(OutputStream,
   *     RgbImage, ImageFormat, WriteOptions)}
   */
  public static byte[] encode(RgbImage image, ImageFormat format, WriteOptions options) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(bytes, image, format, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail like that
    }
    return bytes.toByteArray();
  }

  /**
   * Whether {@link #write} has a chance, asked before the picture is made.
   *
   * @return the format that the extension names
   * @throws LuminaException with {@link ErrorCode#INVALID_ARGUMENT} for an extension that cannot be
   *     written, with {@link ErrorCode#IO} if the folder is missing or not writable, the file
   *     system does not take the name, or a folder or device has it
   */
  public static ImageFormat checkWritable(Path file) {
    return checkWritable(file, 0);
  }

  /**
   * The same for a picture whose size is known: also whether the format takes it and the disk has
   * room for it.
   *
   * @param width of the picture to come, in pixels
   * @param height of the picture to come, in pixels
   * @throws LuminaException as {@link #checkWritable(Path)}, with {@link ErrorCode#IO} also if the
   *     disk is full, with {@link ErrorCode#INVALID_ARGUMENT} also if the picture is too large for
   *     the format
   */
  public static ImageFormat checkWritable(Path file, int width, int height) {
    ImageFormat format = checkWritable(file, TEXT_BYTES + BYTES_PER_PIXEL * width * height);
    checkSide(format, Math.max(width, height));
    return format;
  }

  private static ImageFormat checkWritable(Path file, long bytes) {
    ImageFormat format =
        ImageFormat.ofExtension(file)
            .filter(ImageFormat::writable)
            .orElseThrow(
                () ->
                    unwritable(
                        file,
                        ErrorCode.INVALID_ARGUMENT,
                        "its extension is not one of " + ImageFormat.writableExtensions(),
                        null));
    if (ByteNames.lost(file)) {
      throw unwritable(
          file,
          ErrorCode.IO,
          "its name is not valid UTF-8, so it cannot be written under it; give another",
          null);
    }
    WritableFile.problem(file, bytes)
        .ifPresent(
            problem -> {
              throw unwritable(file, ErrorCode.IO, oneLine(problem), null);
            });
    return format;
  }

  private static byte[] load(Path file, ReadLimits limits) {
    String name = file.toString();
    try {
      Path found = ByteNames.find(file);
      if (Files.isDirectory(found)) {
        throw unreadable(name, "it is a folder", null);
      }
      try (InputStream in = Files.newInputStream(found)) {
        byte[] bytes = in.readNBytes((int) limits.maxBytes() + 1);
        if (bytes.length > limits.maxBytes()) {
          throw unreadable(name, "it exceeds the limit of " + limits.maxBytes() + " bytes", null);
        }
        return bytes;
      }
    } catch (NoSuchFileException e) {
      throw unreadable(name, Objects.requireNonNullElse(e.getReason(), "there is no such file"), e);
    } catch (AccessDeniedException e) {
      throw unreadable(name, "access is denied", e);
    } catch (IOException e) {
      throw unreadable(name, reason(e), e);
    }
  }

  private static RgbImage decode(byte[] bytes, String name, ReadOptions options) {
    try {
      return new ImageDecoder(bytes, options).decode();
    } catch (IOException e) {
      throw unreadable(name, reason(e), e);
    } catch (RuntimeException | StackOverflowError e) {
      // ImageIO's decoders trip over damaged files in many ways.
      throw unreadable(name, "the file is damaged", e);
    } catch (LinkageError e) {
      throw unreadable(
          name, "the native library for this format cannot be loaded: " + e.getMessage(), e);
    } catch (OutOfMemoryError e) {
      // One large array did not fit; the heap is as usable as before.
      long heap = Runtime.getRuntime().maxMemory() >> 20;
      throw new OutOfMemoryException(
          "cannot read picture "
              + oneLine(name)
              + ": it does not fit into the Java heap of "
              + (heap + " MiB"));
    }
  }

  private static void encodeTo(
      OutputStream out, RgbImage image, ImageFormat format, WriteOptions options)
      throws IOException {
    if (format == ImageFormat.PNG) {
      PngEncoder.encode(image, options.text(), out);
    } else {
      JpegEncoder.encode(image, options.jpegQuality(), out);
    }
  }

  private static void checkEncodable(ImageFormat format, RgbImage image) {
    if (!format.writable()) {
      throw new LuminaException(
          ErrorCode.INVALID_ARGUMENT, "pictures can be read from but not written to " + format);
    }
    checkSide(format, Math.max(image.width(), image.height()));
  }

  private static void checkSide(ImageFormat format, int side) {
    if (format == ImageFormat.JPEG && side > JpegEncoder.MAX_SIDE) {
      throw new LuminaException(
          ErrorCode.INVALID_ARGUMENT,
          "JPEG holds at most " + JpegEncoder.MAX_SIDE + " pixels per side, not " + side);
    }
  }

  private static LuminaException unreadable(String name, String reason, Throwable cause) {
    return new LuminaException(
        ErrorCode.IO, "cannot read picture " + oneLine(name) + ": " + reason, cause);
  }

  private static LuminaException unwritable(
      Path file, ErrorCode code, String reason, Throwable cause) {
    return new LuminaException(
        code, "cannot write picture " + oneLine(file) + ": " + reason, cause);
  }

  private static String reason(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException) {
        return "the file is truncated";
      }
    }
    // Java's message of such a failure begins with the file's name, here a temporary one.
    String message =
        e instanceof FileSystemException failure && failure.getReason() != null
            ? failure.getReason()
            : e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : oneLine(message.strip());
  }

  /** The text without line breaks and other control characters. */
  private static String oneLine(Object text) {
    return text.toString().replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ");
  }
}
