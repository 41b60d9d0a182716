package io.github.lumina4j.cli;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.EditSession;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.Generator;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.ProgressListener;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.model.GenerationDefaults;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A conversation about a picture: one instruction a line, each applied to what is there. */
final class InteractiveEdit {
  /** So many turns that the pattern of their files needs a place for the number. */
  private static final int MANY = Integer.MAX_VALUE;

  // With an extension, so that "save the cat from the tree" is an instruction.
  private static final Pattern SAVE = Pattern.compile("save +(\\S.*\\.(?i:png|jpe?g))");

  private final Command command;
  private final PipelineOptions model;
  private final DrawingCommand.Given given;
  private final Function<String, GenerationRequest.Builder> settings;
  private final GenerationDefaults defaults;
  private final OutputPattern files;
  private final PreviewOptions preview;
  private final Map<Integer, Path> saved = new HashMap<>();

  private EditSession editing;
  // The turn that is being made, for the thread that hears of Ctrl-C; null between turns.
  private volatile CancellationToken turn;
  private volatile boolean interrupted;

  InteractiveEdit(
      Command command,
      PipelineOptions model,
      DrawingCommand.Given given,
      Function<String, GenerationRequest.Builder> settings,
      GenerationDefaults defaults,
      OutputPattern files,
      PreviewOptions preview) {
    this.command = command;
    this.model = model;
    this.given = given;
    this.settings = settings;
    this.defaults = defaults;
    this.files = files;
    this.preview = preview;
  }

  /** Whether the first turn's file could be written. */
  static void checkWritable(OutputPattern files) {
    ImageFiles.checkWritable(files.file(1, MANY, 0));
  }

  /** Reads and does until {@code quit} or the end of the input. */
  void run() {
    command.checkCancelled();
    command.note("loading " + model.model().orElseThrow());
    Environment environment = command.environment();
    try (Backend.Session session = command.backend().open(model);
        CancellationToken.Registration end = environment.cancellation().onCancel(this::stopTurn);
        Interrupts.Held held = environment.interrupts().hold(this::interrupted)) {
      editing = EditSession.open(new Shown(session), given.image(), settings);
      command.note("one instruction a line; also: undo, save FILE.png, quit");
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8));
      for (String line = read(lines); line != null; line = read(lines)) {
        command.checkCancelled();
        if (line.equals("quit")) {
          return;
        }
        answer(line);
      }
    }
  }

  private String read(BufferedReader lines) {
    if (command.environment().terminal().interactive() && !command.report().quiet()) {
      command.err().print("edit> ");
      command.err().flush();
    }
    try {
      String line = lines.readLine();
      interrupted = false;
      return line == null ? null : line.strip();
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot read standard input: " + TextFiles.reason(e), e);
    }
  }

  private void answer(String line) {
    Matcher save = SAVE.matcher(line);
    try {
      if (line.equals("undo")) {
        command.note(
            editing
                .undo()
                .map(back -> "took back: " + back.instruction())
                .orElse("nothing to take back"));
      } else if (save.matches()) {
        save(Path.of(save.group(1)));
      } else if (!line.isEmpty()) {
        edit(line);
      }
    } catch (GenerationCancelledException e) {
      command.checkCancelled();
      command.note("cancelled; the picture is as before");
    } catch (LuminaException | IllegalArgumentException e) {
      if (ExitCodes.of(e) == ExitCodes.DEVICE) {
        throw e;
      }
      command.err().println("lumina: " + Failures.oneLine(e.getMessage()));
      command.err().flush();
    }
  }

  private void save(Path file) {
    List<EditSession.Turn> history = editing.history();
    if (history.isEmpty()) {
      ImageFiles.write(file, given.image());
    } else {
      PictureText.write(file, editing.current(), record(history));
    }
    told(file);
  }

  private void edit(String instruction) {
    turn = new CancellationToken();
    try {
      editing.apply(instruction, null, turn);
    } finally {
      turn = null;
    }
    List<EditSession.Turn> history = editing.history();
    EditSession.Turn last = history.get(history.size() - 1);
    Path file = files.file(last.number(), MANY, last.result().request().sampling().seed());
    PictureText.write(file, last.after(), record(history));
    saved.put(last.number(), file);
    told(file);
  }

  private void told(Path file) {
    command.out().println(file);
    command.out().flush();
  }

  /** The record of the last turn. */
  private RequestRecord record(List<EditSession.Turn> history) {
    EditSession.Turn last = history.get(history.size() - 1);
    Path before =
        history.size() == 1 ? given.file() : saved.get(history.get(history.size() - 2).number());
    GenerationRequest request = last.result().request();
    return RequestRecord.of(request, Optional.of(before), Panel.of(request.task()), model)
        .withTurn(new UsedTurn(last.number(), RequestRecord.lastName(given.file())));
  }

  /** The model, with its pictures under watch. */
  private final class Shown implements Generator {
    private final Backend.Session session;

    Shown(Backend.Session session) {
      this.session = session;
    }

    @Override
    public GenerationResult generate(
        GenerationRequest request, ProgressListener listener, CancellationToken cancellation) {
      GenerationRequest resolved = request.resolve(defaults);
      try (PictureWatch watch =
          new PictureWatch(
              command, "turn", preview, Panel.of(request.task()), resolved.rowsGiven())) {
        return session.generate(resolved, watch, cancellation);
      }
    }

    @Override
    public void generateAll(
        GenerationRequest request,
        int count,
        ProgressListener listener,
        CancellationToken cancellation,
        Consumer<GenerationResult> results) {
      Generator.oneByOne(this, request, count, listener, cancellation, results);
    }
  }

  /** Ctrl-C: the first stops the turn, the second before the next line ends the program. */
  private void interrupted() {
    if (interrupted) {
      command.environment().interrupts().end();
      return;
    }
    interrupted = true;
    if (turn == null) {
      command.note("Ctrl-C again, or quit, to end");
    }
    stopTurn();
  }

  private void stopTurn() {
    CancellationToken running = turn;
    if (running != null) {
      running.cancel();
    }
  }
}
