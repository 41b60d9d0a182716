package io.github.lumina4j.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.IIOException;

/**
 * What a JPEG file's markers say, found without decoding it.
 *
 * @param width pixels
 * @param height pixels
 * @param colorModel what the planes mean
 * @param orientation Exif orientation, 1 to 8
 * @param profile the colour profile; null if there is none, or not the whole of it
 */
record JpegStructure(int width, int height, Planes colorModel, int orientation, byte[] profile) {
  /** Meaning of the decoded planes. */
  enum Planes {
    GREY,
    RGB,
    YCBCR,
    CMYK,
    YCCK
  }

  // A progressive file of a few hundred bytes per scan can keep a decoder busy for hours.
  private static final int MAX_SCANS = 1000;

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP2 = 0xe2;
  private static final int APP14 = 0xee;
  private static final String EXIF = "Exif\0\0";
  private static final String PROFILE = "ICC_PROFILE\0";
  private static final int NO_ADOBE = -1;

  /**
   * Walks the markers of a whole file.
   *
   * @throws IIOException if the file ends before its end marker, or is of a kind that is not
   *     supported
   */
  static JpegStructure of(byte[] file) throws IIOException {
    return new Walk(file).run();
  }

  /** One pass over the markers; its fields are what was met so far. */
  private static final class Walk {
    private final byte[] file;
    private final Bytes bytes;
    private int width;
    private int height;
    private int[] componentIds;
    private boolean jfif;
    private int adobeTransform = NO_ADOBE;
    private int orientation = Orientation.NORMAL;
    private final SortedMap<Integer, byte[]> profile = new TreeMap<>(); // part number to part
    private int profileParts;

    Walk(byte[] file) {
      this.file = file;
      bytes = new Bytes(file, ByteOrder.BIG_ENDIAN);
    }

    JpegStructure run() throws IIOException {
      long at = 2;
      int scans = 0;
      while (true) {
        while (bytes.u8(at) != 0xff) {
          at++;
        }
        while (bytes.u8(at) == 0xff) {
          at++;
        }
        int marker = bytes.u8(at++);
        if (marker == EOI) {
          break;
        }
        if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= SOI)) {
          continue; // no segment follows
        }
        int length = bytes.u16(at);
        segment(marker, at + 2, length - 2);
        at += length;
        if (marker == SOS) {
          if (++scans > MAX_SCANS) {
            throw new IIOException("the file has more than " + MAX_SCANS + " scans");
          }
          at = skipEntropyCoded(at);
        }
      }
      if (componentIds == null || scans == 0) {
        throw new IIOException("the file holds no picture");
      }
      return new JpegStructure(width, height, planes(), orientation, profile());
    }

    private long skipEntropyCoded(long at) {
      int i = (int) Math.min(at, file.length);
      while (i + 1 < file.length) {
        int next = file[i + 1] & 0xff;
        // FF 00 is a data byte, FF D0 to FF D7 a restart: both belong to the scan.
        if (file[i] == (byte) 0xff && next != 0 && next != 0xff && (next & 0xf8) != 0xd0) {
          return i;
        }
        i++;
      }
      return file.length; // the next read reports the missing end marker
    }

    private void segment(int marker, long at, int length) throws IIOException {
      if (length < 0) {
        throw new IIOException("a segment has a length below 2");
      }
      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
        frame(marker, at);
      } else if (marker == APP0 && length >= 5 && bytes.latin1(at, 5).equals("JFIF\0")) {
        jfif = true;
      } else if (marker == APP14 && length >= 12 && bytes.latin1(at, 5).equals("Adobe")) {
        adobeTransform = bytes.u8(at + 11);
      } else if (marker == APP1
          && length > EXIF.length()
          && bytes.latin1(at, EXIF.length()).equals(EXIF)
          && orientation == Orientation.NORMAL) {
        orientation = Orientation.of(bytes.slice(at + EXIF.length(), length - EXIF.length()));
      } else if (marker == APP2
          && length > PROFILE.length() + 2
          && bytes.latin1(at, PROFILE.length()).equals(PROFILE)) {
        long part = at + PROFILE.length();
        profileParts = bytes.u8(part + 1);
        profile.put(bytes.u8(part), bytes.slice(part + 2, length - PROFILE.length() - 2));
      }
    }

    private byte[] profile() {
      if (profile.isEmpty() || profile.size() != profileParts) {
        return null;
      }
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      profile.values().forEach(whole::writeBytes);
      return whole.toByteArray();
    }

    private void frame(int marker, long at) throws IIOException {
      if (componentIds != null) {
        throw new IIOException("the file has two frame headers");
      }
      if (marker > 0xc2) {
        throw new IIOException("lossless, hierarchical and arithmetic JPEG are not supported");
      }
      int precision = bytes.u8(at);
      if (precision != 8) {
        throw new IIOException("JPEG of " + precision + " bits per sample is not supported");
      }
      height = bytes.u16(at + 1);
      width = bytes.u16(at + 3);
      componentIds = new int[bytes.u8(at + 5)];
      for (int i = 0; i < componentIds.length; i++) {
        componentIds[i] = bytes.u8(at + 6 + 3L * i);
      }
    }

    /** What libjpeg concludes from the markers. */
    private Planes planes() throws IIOException {
      switch (componentIds.length) {
        case 1:
          return Planes.GREY;
        case 3:
          boolean plain =
              !jfif
                  && (adobeTransform == 0
                      || (adobeTransform == NO_ADOBE
                          && Arrays.equals(componentIds, new int[] {'R', 'G', 'B'})));
          return plain ? Planes.RGB : Planes.YCBCR;
        case 4:
          return adobeTransform == 2 ? Planes.YCCK : Planes.CMYK;
        default:
          throw new IIOException("JPEG of " + componentIds.length + " components is not supported");
      }
    }
  }
}
