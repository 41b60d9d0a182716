#include "model/storage.h"

#include "checkpoint/messages.h"
#include "lumina/status.h"
#include "quant/formats.h"

namespace lumina::model {

const quant::Format& image_head_format() { return quant::find_format("int8"); }

const quant::Format* stored_format(const checkpoint::WeightSet& weights) {
  const auto found = weights.metadata().find(kFormatKey);
  if (found == weights.metadata().end()) return nullptr;
  try {
    return &quant::find_format(found->second);
  } catch (const Error&) {
    checkpoint::fail(weights.source(), "is quantised as " + checkpoint::quoted(found->second) +
                                           ", which this version does not know");
  }
}

void require_plain(const checkpoint::WeightSet& weights, const std::string& use) {
  if (stored_format(weights) == nullptr) return;
  throw Error(ErrorCode::kInvalidArgument,
              weights.source() + ": " + use + " needs weights that are not quantised");
}

}  // namespace lumina::model
