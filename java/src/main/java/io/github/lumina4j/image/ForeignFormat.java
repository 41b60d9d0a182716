package io.github.lumina4j.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Files that cannot be read, told by their content, so that an error can say what they are and what
 * to do.
 */
final class ForeignFormat {
  private static final String CONVERT = "; convert it to JPEG or PNG first";

  /** What is said of cameras' own formats that are TIFF files: their first page is a thumbnail. */
  static final String RAW = "this is a raw picture of a camera (DNG, NEF or ARW)" + CONVERT;

  private static final int TEXT_BYTES = 4096;
  private static final int TGA_HEADER_BYTES = 18;

  /** A signature in Latin-1 at an offset, and what begins with it. */
  private record Mark(int offset, String bytes, String what) {}

  private static final List<Mark> PICTURES =
      List.of(
          new Mark(0, "\u00ff\n", "a JPEG XL picture"),
          new Mark(0, "\0\0\0\fJXL \r\n\u0087\n", "a JPEG XL picture"),
          new Mark(0, "\0\0\0\fjP  \r\n\u0087\n", "a JPEG 2000 picture"),
          new Mark(0, "\u00ffO\u00ffQ", "a JPEG 2000 picture"),
          new Mark(0, "II\u00bc\1", "a JPEG XR picture"),
          new Mark(0, "\u008bJNG\r\n\u001a\n", "a JNG picture"),
          new Mark(0, "\u008aMNG\r\n\u001a\n", "an MNG animation"),
          new Mark(0, "BPG\u00fb", "a BPG picture"),
          new Mark(0, "FLIF", "a FLIF picture"),
          new Mark(0, "qoif", "a QOI picture"),
          new Mark(0, "\0\0\1\0", "an ICO icon"),
          new Mark(0, "\0\0\2\0", "a CUR cursor"),
          new Mark(0, "icns", "an ICNS icon"),
          new Mark(0, "8BPS", "a Photoshop document (PSD)"),
          new Mark(0, "gimp xcf ", "a GIMP picture (XCF)"),
          new Mark(0, "v/1\1", "an OpenEXR picture"),
          new Mark(0, "#?RADIANCE", "a Radiance HDR picture"),
          new Mark(0, "DDS ", "a DDS texture"),
          new Mark(0, "AT&TFORM", "a DjVu document"),
          new Mark(0, "II+\0", "a BigTIFF picture"),
          new Mark(0, "MM\0+", "a BigTIFF picture"),
          new Mark(8, "CR\2\0", "a raw picture of a camera (CR2)"),
          new Mark(0, "IIU\0", "a raw picture of a camera (RW2)"),
          new Mark(0, "IIRO", "a raw picture of a camera (ORF)"),
          new Mark(0, "IIRS", "a raw picture of a camera (ORF)"),
          new Mark(0, "MMOR", "a raw picture of a camera (ORF)"),
          new Mark(0, "FUJIFILMCCD-RAW", "a raw picture of a camera (RAF)"),
          new Mark(6, "HEAPCCDR", "a raw picture of a camera (CRW)"),
          new Mark(0, "\0MRM", "a raw picture of a camera (MRW)"),
          new Mark(0, "FOVb", "a raw picture of a camera (X3F)"),
          new Mark(0, "%PDF-", "a PDF document"),
          new Mark(0, "%!PS", "a PostScript document"),
          new Mark(0, "\u00c5\u00d0\u00d3\u00c6", "a PostScript document (EPS)"));

  private static final List<Mark> OTHERS =
      List.of(
          new Mark(
              0, "version https://git-lfs", "a Git LFS pointer; fetch the file with git lfs pull"),
          new Mark(0, "PK\3\4", "a ZIP archive; unpack it first"),
          new Mark(0, "\u001f\u008b", "a gzip archive; unpack it first"),
          new Mark(
              0, "\u001aE\u00df\u00a3", "a video (Matroska or WebM); take a frame of it first"),
          new Mark(8, "AVI ", "a video (AVI); take a frame of it first"));

  private static final Set<String> HEIC = Set.of("heic", "heix", "heim", "heis", "hevc", "hevx");
  private static final Set<String> AVIF = Set.of("avif", "avis");

  private ForeignFormat() {}

  /** What {@code file} is and what to do with it; empty if nothing is known of it. */
  static Optional<String> of(byte[] file) {
    Optional<String> picture =
        targa(file) // first: most begin like a cursor
            .or(() -> mark(PICTURES, file))
            .or(() -> container(file))
            .or(() -> vectors(file))
            .or(() -> portableMap(file));
    return picture
        .map(what -> "this is " + what + CONVERT)
        .or(() -> mark(OTHERS, file).map(what -> "this is " + what))
        .or(() -> video(file))
        .or(() -> page(file));
  }

  private static Optional<String> mark(List<Mark> marks, byte[] file) {
    return marks.stream()
        .filter(mark -> latin1(file, mark.offset(), mark.bytes().length()).equals(mark.bytes()))
        .map(Mark::what)
        .findFirst();
  }

  /** HEIC and AVIF: an ISO base media file, whose first box lists what it is. */
  private static Optional<String> container(byte[] file) {
    List<String> brands = brands(file);
    if (brands.isEmpty()) {
      return Optional.empty();
    }
    if (brands.stream().anyMatch(AVIF::contains)) {
      return Optional.of("an AVIF picture");
    }
    if (brands.stream().anyMatch(HEIC::contains)) {
      return Optional.of("a HEIC picture (as iPhones take them)");
    }
    if (brands.contains("crx ")) {
      return Optional.of("a raw picture of a camera (CR3)");
    }
    boolean heif = brands.contains("mif1") || brands.contains("msf1");
    return heif ? Optional.of("a HEIF picture") : Optional.empty();
  }

  private static Optional<String> video(byte[] file) {
    return brands(file).isEmpty()
        ? Optional.empty()
        : Optional.of("this is a video (MP4 or MOV); take a frame of it first");
  }

  private static List<String> brands(byte[] file) {
    if (!latin1(file, 4, 4).equals("ftyp")) {
      return List.of();
    }
    int length = (file[0] & 0xff) << 24 | (file[1] & 0xff) << 16 | (file[2] & 0xff) << 8;
    length = Math.min(length | file[3] & 0xff, Math.min(file.length, TEXT_BYTES));
    // The version of the first brand stands between it and the others; it is none.
    String box = latin1(file, 8, Math.max(4, length - 8));
    String[] brands = box.split("(?<=\\G.{4})");
    return Arrays.asList(brands);
  }

  private static Optional<String> vectors(byte[] file) {
    String text = text(file);
    boolean xml =
        text.startsWith("<?xml") || text.startsWith("<!--") || text.startsWith("<!doctype svg");
    return text.startsWith("<svg") || xml && text.contains("<svg")
        ? Optional.of("an SVG drawing")
        : Optional.empty();
  }

  private static Optional<String> page(byte[] file) {
    String text = text(file);
    return text.startsWith("<!doctype html") || text.startsWith("<html")
        ? Optional.of("this is a web page, not a picture; fetch the picture that it shows")
        : Optional.empty();
  }

  /** PNM and PAM: P1 to P7 and white space. */
  private static Optional<String> portableMap(byte[] file) {
    return file.length > 2
            && file[0] == 'P'
            && file[1] >= '1'
            && file[1] <= '7'
            && Character.isWhitespace(file[2])
        ? Optional.of("a PNM picture")
        : Optional.empty();
  }

  /** TGA has no signature at its start: every field of the header must make sense. */
  private static Optional<String> targa(byte[] file) {
    if (file.length < TGA_HEADER_BYTES) {
      return Optional.empty();
    }
    int kind = file[2];
    int width = file[12] & 0xff | (file[13] & 0xff) << 8;
    int height = file[14] & 0xff | (file[15] & 0xff) << 8;
    boolean mapped = file[1] == 1;
    boolean plausible =
        Set.of(1, 2, 3, 9, 10, 11).contains(kind)
            && (mapped || file[1] == 0)
            && mapped == (kind == 1 || kind == 9)
            && Set.of(8, 15, 16, 24, 32).contains((int) file[16])
            && (file[17] & 0xc0) == 0
            && width > 0
            && height > 0;
    return plausible ? Optional.of("a TGA picture") : Optional.empty();
  }

  /** The start of a text file in lower case, without byte order mark and white space. */
  private static String text(byte[] file) {
    String text = latin1(file, 0, Math.min(file.length, TEXT_BYTES));
    String start = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
    return start.strip().toLowerCase(Locale.ROOT);
  }

  /** {@code length} bytes, or none if the file ends before. */
  private static String latin1(byte[] file, int offset, int length) {
    return offset + length > file.length
        ? ""
        : new String(file, offset, length, StandardCharsets.ISO_8859_1);
  }
}
