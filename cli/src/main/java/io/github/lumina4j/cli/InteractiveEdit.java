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
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A conversation about a picture: one instruction a line, each applied to what is there. */
final class InteractiveEdit {
  /** So many turns that the pattern of their files needs a place for the number. */
  private static final int MANY = Integer.MAX_VALUE;

  private static final String PROMPT = "edit> ";

  private final Command command;
  private final PipelineOptions model;
  private final DrawingCommand.Given given;
  private final Function<String, GenerationRequest.Builder> settings;
  private final GenerationDefaults defaults;
  private final OutputPattern files;
  private final PreviewOptions preview;
  private final OpenOption open;
  private final Map<Integer, Path> saved = new HashMap<>();

  private final TurnSettings changed;

  private EditSession editing;
  private volatile Lines lines;
  private long firstSeed;
  private int made;
  // The turn that is being made, for the thread that hears of Ctrl-C; null between turns.
  private volatile CancellationToken turn;
  private volatile boolean interrupted;
  private Thread conversation;
  private boolean ended; // by the second Ctrl-C while a line was typed

  /** {@code settings} have the first seed, and the options that stay for all turns. */
  InteractiveEdit(
      Command command,
      PipelineOptions model,
      DrawingCommand.Given given,
      Function<String, GenerationRequest.Builder> settings,
      GenerationDefaults defaults,
      OutputPattern files,
      PreviewOptions preview,
      OpenOption open) {
    this.command = command;
    this.model = model;
    this.given = given;
    this.settings = settings;
    this.defaults = defaults;
    this.files = files;
    this.preview = preview;
    this.open = open;
    changed = new TurnSettings(command.commandLine().getParseResult().matchedOptions());
    firstSeed = settings.apply("an instruction").image(given.image()).build().sampling().seed();
  }

  /** Whether the first turn's file could be written. */
  static void checkWritable(OutputPattern files) {
    ImageFiles.checkWritable(files.file(1, MANY, 0));
  }

  /** Reads and does until {@code quit} or the end of the input. */
  void run() {
    Environment environment = command.environment();
    conversation = Thread.currentThread();
    try (Backend.Session session = command.open(model);
        Lines typed =
            Lines.of(command, EditWords.COMMANDS, TurnSettings.names(), this::interrupted);
        CancellationToken.Registration end = environment.cancellation().onCancel(this::stop);
        Interrupts.Held held = environment.interrupts().hold(this::interrupted)) {
      lines = typed;
      editing = EditSession.open(new Shown(session), given.image(), this::settings);
      command.note("one instruction a line; help lists the commands, quit ends");
      for (String line = read(PROMPT); line != null; line = read(PROMPT)) {
        command.checkCancelled();
        EditWords.Line words = EditWords.of(line);
        if (words.kind() == EditWords.Kind.QUIT) {
          return;
        }
        answer(words);
      }
      command.checkCancelled();
    } catch (IOException e) {
      throw new LuminaException(
          ErrorCode.IO, "cannot read standard input: " + TextFiles.reason(e), e);
    }
  }

  private String read(String prompt) throws IOException {
    String line = lines.read(prompt);
    if (ended) {
      throw new GenerationCancelledException("cancelled");
    }
    if (line != null && !line.isBlank()) {
      interrupted = false;
    }
    return line;
  }

  private void answer(EditWords.Line line) throws IOException {
    try {
      switch (line.kind()) {
        case UNDO ->
            command.note(
                editing
                    .undo()
                    .map(back -> "took back: " + back.instruction())
                    .orElse("nothing to take back"));
        case SAVE ->
            save(
                line.argument() == null
                    ? EditWords.freeName(given.file())
                    : Path.of(line.argument()));
        case EDIT -> edit(line.argument());
        case SET -> set(line.argument());
        case SHOW -> show();
        case HELP -> EditWords.HELP.forEach(this::say);
        case UNKNOWN -> ask(line.argument());
        default -> {}
      }
    } catch (GenerationCancelledException e) {
      command.checkCancelled();
      command.note("cancelled; the picture is as before");
    } catch (LuminaException | IllegalArgumentException e) {
      if (ExitCodes.of(e) == ExitCodes.DEVICE) {
        throw e;
      }
      say("lumina: " + Failures.oneLine(e.getMessage()));
    }
  }

  /** A word that may be meant as a command costs minutes if it is drawn. */
  private void ask(String line) throws IOException {
    String hint =
        EditWords.similar(line).map(known -> "did you mean " + known + "?").orElse("see help");
    if (!lines.asks()) {
      throw new IllegalArgumentException(
          "no command '" + line + "' (" + hint + "); !" + line + " draws it as an instruction");
    }
    String answer = lines.read("no command '" + line + "' (" + hint + "); draw it? [y/N] ");
    if (answer != null && answer.strip().matches("(?i)y(es)?")) {
      edit(line);
    }
  }

  private void set(String words) {
    int space = words.indexOf(' ');
    changed.set(words.substring(0, space), words.substring(space + 1));
    if (words.matches("(--)?seed .*") && changed.seed() != null) {
      // A session counts seeds up from its first.
      firstSeed = changed.seed() - made;
    }
  }

  private void show() {
    List<EditSession.Turn> history = editing.history();
    String last =
        history.isEmpty()
            ? given.file().toString()
            : saved.get(history.get(history.size() - 1).number())
                + (": " + history.get(history.size() - 1).instruction());
    say("picture " + last);
    changed
        .shown()
        .forEach(
            (name, value) ->
                say(name + " " + (name.equals("seed") ? String.valueOf(firstSeed + made) : value)));
  }

  private void say(String line) {
    command.err().println(line);
    command.err().flush();
  }

  private GenerationRequest.Builder settings(String instruction) {
    return changed.apply(settings.apply(instruction), firstSeed);
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
    Path next = files.file(made + 1, MANY, firstSeed + made);
    ImageFiles.checkWritable(next);
    turn = new CancellationToken();
    try {
      editing.apply(instruction, null, turn);
    } finally {
      turn = null;
    }
    List<EditSession.Turn> history = editing.history();
    EditSession.Turn last = history.get(history.size() - 1);
    made = last.number();
    Path file = files.file(last.number(), MANY, last.result().request().sampling().seed());
    Rescue.Written written = Rescue.picture(file, last.after(), record(history), Map.of());
    saved.put(last.number(), written.file());
    told(written.file());
    open.show(command, written.file());
    if (written.problem() != null) {
      throw written.problem();
    }
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
    public void check(GenerationRequest request) {
      session.check(request.resolve(defaults));
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

  /** Ctrl-C: the first stops the turn or gives the line up, the second in a row ends. */
  private void interrupted() {
    if (command.environment().cancellation().isCancelled()) {
      return; // the program is ending
    }
    if (interrupted) {
      if (turn == null && Thread.currentThread() == conversation) {
        ended = true; // this thread must not wait for itself
      } else {
        command.environment().interrupts().end();
      }
      return;
    }
    interrupted = true;
    if (turn == null) {
      command.note("Ctrl-C again, Ctrl-D or quit ends");
    }
    stop();
  }

  private void stop() {
    CancellationToken running = turn;
    if (running != null) {
      running.cancel();
    } else {
      lines.giveUp();
    }
  }
}
