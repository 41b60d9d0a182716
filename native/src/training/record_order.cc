#include "training/record_order.h"

#include <algorithm>
#include <cmath>

#include "lumina/status.h"
#include "training/random.h"

namespace lumina::training {
namespace {

// Updates within which records of like length are mixed again: 500 as in the reference, but never
// more than a sixteenth of an epoch, or a small set would be padded to its longest records.
constexpr std::int64_t kWindow = 500;
constexpr std::int64_t kWindowsPerEpoch = 16;

std::int64_t used(const OrderedSource& source) {
  return std::llround(source.ratio * static_cast<double>(source.lengths.size()));
}

// Purposes of a permutation within one epoch.
enum Purpose : std::uint64_t { kRecords = 0, kUpdates = 1, kWindows = 2 };

std::uint64_t address(std::int64_t epoch, std::uint64_t purpose) {
  return static_cast<std::uint64_t>(epoch) << 24 | purpose;
}

}  // namespace

RecordOrder::RecordOrder(std::vector<OrderedSource> sources, std::int64_t batch,
                         std::int64_t accumulation, std::uint64_t seed)
    : sources_(std::move(sources)), batch_(batch), accumulation_(accumulation), seed_(seed) {
  std::int64_t total = 0;
  for (const auto& source : sources_) total += used(source);
  updates_ = total / (batch_ * accumulation_);
  if (updates_ == 0) {
    throw Error(ErrorCode::kInvalidArgument, "an epoch has " + std::to_string(total) +
                                                 " records, one update needs " +
                                                 std::to_string(batch_ * accumulation_));
  }
}

void RecordOrder::order_epoch(std::int64_t epoch) {
  order_.clear();
  for (std::size_t s = 0; s < sources_.size(); ++s) {
    const auto count = static_cast<std::int64_t>(sources_[s].lengths.size());
    auto shuffled = permutation(count, seed_, Draw::kOrder, address(epoch, 16 + s));
    shuffled.resize(used(sources_[s]));
    for (const auto record : shuffled) order_.push_back({static_cast<std::int32_t>(s), record});
  }
  const auto shuffle = [&](std::int64_t first, std::int64_t count, std::uint64_t purpose) {
    const std::vector<RecordIndex> before(order_.begin() + first, order_.begin() + first + count);
    const auto moved = permutation(count, seed_, Draw::kOrder, address(epoch, purpose));
    for (std::int64_t i = 0; i < count; ++i) order_[first + i] = before[moved[i]];
  };
  const std::int64_t update = batch_ * accumulation_;
  shuffle(0, static_cast<std::int64_t>(order_.size()), kRecords);
  order_.resize(updates_ * update);
  const auto length = [&](const RecordIndex& at) { return sources_[at.source].lengths[at.record]; };
  std::stable_sort(order_.begin(), order_.end(),
                   [&](const auto& a, const auto& b) { return length(a) < length(b); });
  const std::int64_t window =
      update * std::clamp<std::int64_t>(updates_ / kWindowsPerEpoch, 1, kWindow);
  for (std::int64_t first = 0, n = 0; first < updates_ * update; first += window, ++n) {
    shuffle(first, std::min(window, updates_ * update - first), 1 << 16 | n);
  }
  const std::vector<RecordIndex> grouped = order_;
  const auto moved = permutation(updates_, seed_, Draw::kOrder, address(epoch, kUpdates));
  for (std::int64_t i = 0; i < updates_; ++i) {
    std::copy_n(grouped.begin() + moved[i] * update, update, order_.begin() + i * update);
  }
  epoch_ = epoch;
}

std::vector<RecordIndex> RecordOrder::batch(std::int64_t step, std::int64_t micro) {
  const std::int64_t epoch = step / updates_;
  if (epoch != epoch_) order_epoch(epoch);
  const auto first = order_.begin() + ((step % updates_) * accumulation_ + micro) * batch_;
  return {first, first + batch_};
}

}  // namespace lumina::training
