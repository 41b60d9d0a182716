package io.github.lumina4j.server;

import io.github.lumina4j.Progress;
import io.github.lumina4j.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Answers with all pictures at once. */
final class WholeReply implements JobEvents {
  private final Exchange exchange;
  private final ImageRequest request;
  private final Function<Picture, String> links;
  private final List<Picture> pictures = new ArrayList<>();

  /** {@code links} keeps a picture and gives the URL to fetch it by. */
  WholeReply(Exchange exchange, ImageRequest request, Function<Picture, String> links) {
    this.exchange = exchange;
    this.request = request;
    this.links = links;
  }

  @Override
  public void progress(int index, Progress progress) {}

  @Override
  public void partial(int index, PartialPicture picture) {}

  @Override
  public void drawn(int index, Picture picture) {
    pictures.add(picture);
  }

  @Override
  public void finished() {
    if (exchange.gone()) {
      return;
    }
    exchange.json(
        200,
        new Answers.Images(
            Instant.now().getEpochSecond(),
            pictures.stream().map(this::image).toList(),
            request.formatName(),
            pictures.stream().map(Picture::usage).reduce(Picture.Usage::plus).orElseThrow()));
  }

  @Override
  public void failed(ApiException answer) {
    exchange.fail(answer);
  }

  private Answers.Image image(Picture picture) {
    return new Answers.Image(
        request.url() ? null : picture.file(),
        request.url() ? links.apply(picture) : null,
        Seeds.number(picture.seed()),
        picture.size().toString(),
        picture.seconds());
  }
}
