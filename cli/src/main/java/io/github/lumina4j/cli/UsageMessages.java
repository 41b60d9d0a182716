package io.github.lumina4j.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What picocli has to say about a command line, in words of people. */
final class UsageMessages {
  private UsageMessages() {}

  /** {@code args} are the words that picocli was given. */
  static String of(ParameterException failure, String[] args) {
    ArgSpec argument = failure.getArgSpec();
    if (argument != null && failure.getCause() instanceof TypeConversionException refused) {
      return OptionValues.continued(name(argument, args), refused.getMessage());
    }
    if (failure instanceof OverwrittenOptionException again) {
      return name(again.getOverwritten(), args) + " is given twice";
    }
    if (failure instanceof MissingParameterException missing) {
      String names =
          missing.getMissing().stream()
              .map(UsageMessages::form)
              .distinct()
              .collect(Collectors.joining(" "));
      return names.isEmpty() ? missing.getMessage() : "missing: " + names;
    }
    String message = failure.getMessage();
    // "Option 'x' should be ..." of a flag with a value, and what else there may be.
    return argument == null ? message : name(argument, args) + ": " + message;
  }

  /** As it was written, or as help lists it. */
  private static String name(ArgSpec argument, String[] args) {
    if (argument instanceof PositionalParamSpec positional) {
      return positional.paramLabel();
    }
    OptionSpec option = (OptionSpec) argument;
    return Arrays.stream(option.names())
        .filter(
            name ->
                Arrays.stream(args).anyMatch(arg -> arg.equals(name) || arg.startsWith(name + "=")))
        .findFirst()
        .orElse(option.longestName());
  }

  private static String form(ArgSpec argument) {
    return argument instanceof OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : argument.paramLabel();
  }
}
