package io.github.lumina4j;

/** The native library or the device is absent, unsupported or lost. */
public final class DeviceException extends LuminaException {
  private static final long serialVersionUID = 1L;

  public DeviceException(String message) {
    super(ErrorCode.DEVICE, message);
  }

  public DeviceException(String message, Throwable cause) {
    super(ErrorCode.DEVICE, message, cause);
  }
}
