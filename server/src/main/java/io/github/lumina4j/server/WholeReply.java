package io.github.lumina4j.server;

import io.github.lumina4j.Progress;
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
    Function<Picture, String> urls = request.url() ? links : picture -> null;
    exchange.json(200, Answers.Images.of(request, pictures, urls));
  }

  @Override
  public void failed(ApiException answer) {
    exchange.fail(answer);
  }
}
