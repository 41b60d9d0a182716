#include "decoding/static_decoding.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <memory>

#include "decoding/draft_window.h"
#include "decoding/static_step.h"
#include "device/cuda.h"
#include "lumina/status.h"

namespace lumina::decoding {
namespace {

// Replays between two looks of the host, each of which waits for the device: a stop takes effect
// within as many steps.
constexpr int kReplaysPerLook = 4;
static_assert(kReplaysPerLook <= StaticStep::kRecords);

// What the first pass feeds: the token in front of what is drawn, and first guesses.
std::vector<std::int32_t> first_window(const Speculation& speculation, Picture& picture) {
  const DraftWindow::Setup setup = picture.window_setup();
  if (!speculation.on()) return {setup.given.empty() ? setup.before : setup.given.back()};
  const auto rule = make_rule(speculation, picture.sampler());
  DraftWindow window(speculation, *rule, picture.sampler(), setup);
  return {window.inputs(), window.inputs() + speculation.window};
}

StaticStep::Setup setup_of(const Speculation& speculation, std::vector<Picture>& pictures) {
  Picture& first = pictures.front();
  StaticStep::Setup setup;
  setup.layout = first.layout();
  setup.ids = first.ids();
  setup.codes = first.codes();
  setup.settings = first.sampler().chain().settings();
  setup.given = first.length();
  setup.stop = first.stop();
  setup.window = std::max(speculation.window, 1);
  const Context& context = first.context();
  for (Picture& picture : pictures) {
    StaticStep::Side side;
    side.seed = picture.sampler().seed();
    side.window = first_window(speculation, picture);
    for (int i = 0; i < context.rows_each(); ++i) {
      side.lengths.push_back(context.length(picture.number() * context.rows_each() + i));
    }
    setup.sides.push_back(std::move(side));
  }
  return setup;
}

// The step, again and again: by itself on a CPU, as a graph on a GPU.
class Replays {
 public:
  explicit Replays(StaticStep& step, at::Device device) : step_(step), device_(device) {
    if (!device.is_cuda()) return;
    graph_ = device::cuda::capture([&step] { step(); }, device);
    step.reset();
  }

  int at_once() const { return graph_ ? kReplaysPerLook : 1; }
  void run() {
    if (graph_) {
      graph_->replay();
    } else {
      step_();
    }
  }

 private:
  StaticStep& step_;
  at::Device device_;
  std::unique_ptr<device::cuda::Graph> graph_;
};

}  // namespace

bool StaticDecoding::suits(const Speculation& speculation, const sampling::Settings& settings,
                           const checkpoint::ModelConfig& config, std::int64_t positions) {
  const bool noise_of_places = speculation.mode == Mode::kSequential ||
                               (speculation.mode == Mode::kFixedNoise &&
                                speculation.initialization == Initialization::kNeighbour);
  const bool dynamic = config.rope_scaling.type == checkpoint::RopeScaling::Type::kDynamic &&
                       positions > config.max_position_embeddings;
  return noise_of_places && settings.top_n_sigma == 0.0 && !dynamic;
}

void StaticDecoding::draw(std::vector<Picture>& pictures) const {
  Picture& first = pictures.front();
  Context& context = first.context();
  context.advance();  // a header that was drawn is not in the cache yet
  if (first.finished()) return;
  const auto all_finished = [&] {
    return std::all_of(pictures.begin(), pictures.end(),
                       [](const Picture& picture) { return picture.finished(); });
  };
  StaticStep step(first.model(), context.cache(), setup_of(speculation_, pictures),
                  first.sampler());
  Replays replays(step, first.model().device());
  const auto count = static_cast<double>(pictures.size());
  std::vector<std::int64_t> final_places(pictures.size(), first.length() - 1);
  for (std::int64_t passes = 0; !all_finished();) {
    const double begin = first.seconds();
    for (int i = 0; i < replays.at_once(); ++i) replays.run();
    const at::Tensor records = step.records().cpu(), tokens = step.tokens().cpu();
    if (step.broken().cpu().item<bool>()) {
      throw Error(ErrorCode::kNumerical, "step " + std::to_string(first.generated() + 1) +
                                             ": a logit is not a number or infinite");
    }
    const double seconds = (first.seconds() - begin) / replays.at_once();
    for (int i = 0; i < replays.at_once() && !all_finished(); ++i, ++passes) {
      context.count_pass();
      const auto* record = records[passes % StaticStep::kRecords].const_data_ptr<std::int64_t>();
      for (std::size_t side = 0; side < pictures.size(); ++side) {
        Picture& picture = pictures[side];
        if (picture.finished()) continue;
        const auto* token =
            tokens[static_cast<std::int64_t>(side)].const_data_ptr<std::int64_t>() + 1;
        std::size_t codes = 0;
        while (final_places[side] < record[side] && !picture.finished()) {
          const std::int64_t place = ++final_places[side];
          if (picture.length() > place) continue;  // a newline that came with the code before it
          picture.commit(static_cast<std::int32_t>(token[place]));
          ++codes;
        }
        picture.count_pass(codes, seconds / count, 0.0);
      }
    }
    const auto last = std::min_element(
        pictures.begin(), pictures.end(),
        [](const Picture& a, const Picture& b) { return a.length() < b.length(); });
    last->report(Progress::kDecode);
  }
}

}  // namespace lumina::decoding
