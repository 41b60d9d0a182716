package io.github.lumina4j.cli;

import io.github.lumina4j.DeviceInfo;
import java.util.List;
import picocli.CommandLine;

/** {@code lumina devices}: what a model can run on. */
@CommandLine.Command(
    name = "devices",
    header = "List the devices of this machine.",
    abbreviateSynopsis = true,
    footer = {"", "Example:", "  lumina devices --json"})
final class DevicesCommand extends Command {
  private record Report(List<DeviceInfo> devices) {}

  DevicesCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    List<DeviceInfo> devices = backend().devices();
    if (report().json()) {
      out().println(JsonText.report(new Report(devices)));
      return;
    }
    devices.forEach(this::print);
  }

  private void print(DeviceInfo device) {
    out().println(device.name() + "  " + device.description());
    Table table = new Table("ll");
    if (device.cores() > 0) {
      table.row("threads", (device.cores() + " " + device.coresNote()).strip());
    }
    if (!device.instructionSets().isEmpty()) {
      table.row("instructions", String.join(", ", device.instructionSets()));
    }
    if (device.memoryBytes() > 0) {
      table.row(
          "memory",
          Units.bytes(device.memoryBytes())
              + ", "
              + Units.bytes(device.availableBytes())
              + " available");
    }
    String note = device.note() == null || device.note().isEmpty() ? "" : ": " + device.note();
    table.row("usable", (device.usable() ? "yes" : "no") + note);
    table.print(out(), "  ");
  }
}
