// Sequential decoding and the mode gum by steps that need no decision of the host (static_step.h):
// replayed as a CUDA graph where the model is on a GPU, done one by one on a CPU.
#pragma once

#include "checkpoint/model_config.h"
#include "decoding/options.h"
#include "decoding/strategy.h"
#include "sampling/options.h"

namespace lumina::decoding {

class StaticDecoding : public Strategy {
 public:
  // Whether such steps draw what is asked for: noise must belong to places, first guesses come from
  // the neighbour, and angles not depend on the length of the sequence, of at most `positions`.
  static bool suits(const Speculation& speculation, const sampling::Settings& settings,
                    const checkpoint::ModelConfig& config, std::int64_t positions);

  explicit StaticDecoding(const Speculation& speculation) : speculation_(speculation) {}
  void draw(std::vector<Picture>& pictures) const override;

 private:
  Speculation speculation_;
};

}  // namespace lumina::decoding
