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

constexpr std::int64_t kMaxGroups = 64;
constexpr int kGroupBits = 18;  // above the purposes of a group, below the epoch

// Purposes of a permutation within one epoch.
enum Purpose : std::uint64_t { kRecords = 0, kUpdates = 1, kWindows = 2 };

std::uint64_t address(std::int64_t epoch, std::uint64_t purpose) {
  return static_cast<std::uint64_t>(epoch) << 24 | purpose;
}

}  // namespace

RecordOrder::RecordOrder(std::vector<OrderedSource> sources, std::int64_t batch,
                         std::int64_t accumulation, std::uint64_t seed)
    : sources_(std::move(sources)), batch_(batch), accumulation_(accumulation), seed_(seed) {
  const std::int64_t update = batch_ * accumulation_;
  std::int64_t total = 0;
  for (const auto& source : sources_) {
    const auto group = static_cast<std::size_t>(source.group);
    if (source.group < 0 || source.group >= kMaxGroups) {
      throw Error(ErrorCode::kInvalidArgument,
                  "records may have at most " + std::to_string(kMaxGroups) + " types");
    }
    if (group_updates_.size() <= group) group_updates_.resize(group + 1);
    group_updates_[group] += used(source);
    total += used(source);
  }
  for (auto& records : group_updates_) updates_ += records /= update;
  if (updates_ == 0) {
    throw Error(
        ErrorCode::kInvalidArgument,
        "an epoch has " + std::to_string(total) + " records" +
            (group_updates_.size() > 1 ? " of " + std::to_string(group_updates_.size()) + " types"
                                       : "") +
            ", one update needs " + std::to_string(update));
  }
}

std::vector<RecordIndex> RecordOrder::order_group(std::int64_t group, std::int64_t epoch) const {
  std::vector<RecordIndex> order;
  for (std::size_t s = 0; s < sources_.size(); ++s) {
    if (sources_[s].group != group) continue;
    const auto count = static_cast<std::int64_t>(sources_[s].lengths.size());
    auto shuffled = permutation(count, seed_, Draw::kOrder, address(epoch, 16 + s));
    shuffled.resize(used(sources_[s]));
    for (const auto record : shuffled) order.push_back({static_cast<std::int32_t>(s), record});
  }
  const auto shuffle = [&](std::int64_t first, std::int64_t count, std::uint64_t purpose) {
    const std::vector<RecordIndex> before(order.begin() + first, order.begin() + first + count);
    const auto moved =
        permutation(count, seed_, Draw::kOrder,
                    address(epoch, static_cast<std::uint64_t>(group) << kGroupBits | purpose));
    for (std::int64_t i = 0; i < count; ++i) order[first + i] = before[moved[i]];
  };
  const std::int64_t update = batch_ * accumulation_;
  const std::int64_t updates = group_updates_[group];
  shuffle(0, static_cast<std::int64_t>(order.size()), kRecords);
  order.resize(updates * update);
  const auto length = [&](const RecordIndex& at) { return sources_[at.source].lengths[at.record]; };
  std::stable_sort(order.begin(), order.end(),
                   [&](const auto& a, const auto& b) { return length(a) < length(b); });
  const std::int64_t window =
      update * std::clamp<std::int64_t>(updates / kWindowsPerEpoch, 1, kWindow);
  for (std::int64_t first = 0, n = 0; first < updates * update; first += window, ++n) {
    shuffle(first, std::min(window, updates * update - first), 1 << 16 | n);
  }
  return order;
}

void RecordOrder::order_epoch(std::int64_t epoch) {
  std::vector<RecordIndex> grouped;
  for (std::size_t group = 0; group < group_updates_.size(); ++group) {
    const auto part = order_group(static_cast<std::int64_t>(group), epoch);
    grouped.insert(grouped.end(), part.begin(), part.end());
  }
  const std::int64_t update = batch_ * accumulation_;
  order_.resize(grouped.size());
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
