// Records, their order, and what prompt dropout leaves of one.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "support/expect_error.h"
#include "support/recipe_model.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"
#include "support/training_data.h"
#include "training/pixel_records.h"
#include "training/record_order.h"
#include "training/token_records.h"

namespace lumina::training {
namespace {

using lumina::testing::Example;
using lumina::testing::expect_error;
using lumina::testing::TemporaryFolder;
using lumina::testing::tiny_examples;

TEST(TokenRecords, BothFormsHoldTheSame) {
  const TemporaryFolder folder;
  const auto examples = tiny_examples(3);
  std::string lines;
  for (const auto& example : examples) {
    lines +=
        nlohmann::json{{"token", example.tokens}, {"label", example.labels}, {"id", 7}}.dump() +
        "\n\n";
  }
  const TokenRecords binary(write_token_records(folder, "records-0.safetensors", examples), 2048);
  const TokenRecords text(folder.write("records.jsonl", lines), 2048);
  const TokenRecords whole(folder.path(), 2048);  // the folder's only records-*.safetensors
  for (const TokenRecords* records : {&binary, &text, &whole}) {
    ASSERT_EQ(records->count(), 3);
    for (std::int64_t i = 0; i < 3; ++i) {
      const TokenRecord& record = (*records)[i];
      EXPECT_EQ(std::vector<std::int32_t>(record.tokens, record.tokens + record.length),
                examples[i].tokens);
      EXPECT_EQ(std::vector<std::int32_t>(record.labels, record.labels + record.length),
                examples[i].labels);
    }
  }
}

TEST(TokenRecords, DamageIsNamed) {
  const TemporaryFolder folder;
  const auto refuse = [&](const std::string& reason, std::vector<Example> examples) {
    const auto path = write_token_records(folder, "r.safetensors", examples);
    expect_error(ErrorCode::kCheckpoint, reason, [&] { TokenRecords(path, 2048); });
  };
  refuse("record 1 has token 2048, outside", {tiny_examples(1)[0], {{1, 2048}, {-100, 2048}}});
  refuse("record 0 has token -1", {{{1, -1}, {1, -1}}});
  refuse("neither its token nor -100, at 1", {{{1, 2}, {1, 3}}});
  refuse("no label", {{{1, 2}, {1, -100}}});
  refuse("holds no record", {});
  const auto lines = folder.write("bad.jsonl", "{\"token\":[1,2],\"label\":[1]}\n");
  expect_error(ErrorCode::kCheckpoint, "line 1 has not as many labels",
               [&] { TokenRecords(lines, 2048); });
  const auto words = folder.write("words.jsonl", "\nhello\n");
  expect_error(ErrorCode::kCheckpoint, "line 2 is no object", [&] { TokenRecords(words, 2048); });
  const TemporaryFolder empty;
  expect_error(ErrorCode::kCheckpoint, "holds no records-",
               [&] { TokenRecords(empty.path(), 2048); });
}

TEST(RecordOrder, TypesMeetInNoUpdate) {
  const auto lengths = [](std::int64_t count) { return std::vector<std::int64_t>(count, 9); };
  RecordOrder order({{lengths(17), 1.0, 0}, {lengths(9), 1.0, 1}, {lengths(4), 1.0, 0}}, 2, 2, 1);
  ASSERT_EQ(order.updates_per_epoch(), 5 + 2);  // 21 and 9 records, four an update
  std::set<std::pair<std::int32_t, std::int64_t>> seen;
  int of_second = 0;
  for (std::int64_t step = 0; step < 7; ++step) {
    std::set<bool> types;
    for (std::int64_t micro = 0; micro < 2; ++micro) {
      for (const auto& at : order.batch(step, micro)) {
        types.insert(at.source == 1);
        seen.insert({at.source, at.record});
      }
    }
    EXPECT_EQ(types.size(), 1u) << step;
    of_second += *types.begin() ? 1 : 0;
  }
  EXPECT_EQ(of_second, 2);
  EXPECT_EQ(seen.size(), 28u);
  expect_error(ErrorCode::kInvalidArgument, "an epoch has 6 records of 2 types, one update needs 4",
               [&] {
                 RecordOrder({{lengths(3), 1.0, 0}, {lengths(3), 1.0, 1}}, 2, 2, 1);
               });
}

TEST(PixelRecords, WrongShapesAndPanelsAreNamed) {
  const TemporaryFolder folder;
  const PixelRecords records(write_pixel_records(folder, "a.safetensors", 2, 32, 16, 2));
  EXPECT_EQ(records.panels(), 2);
  const at::Tensor batch = records.batch({1, 0});
  EXPECT_EQ(batch.sizes().vec(), (std::vector<std::int64_t>{2, 3, 32, 16}));
  const auto odd = write_pixel_records(folder, "b.safetensors", 1, 24, 16, 2);
  expect_error(ErrorCode::kCheckpoint, "multiple of 8", [&] { PixelRecords{odd}; });
  const auto panels = write_pixel_records(folder, "c.safetensors", 1, 24, 24, 3);
  expect_error(ErrorCode::kCheckpoint, "`panels` must be 1 or 2", [&] { PixelRecords{panels}; });
  const auto tokens = write_token_records(folder, "d.safetensors", tiny_examples(1));
  expect_error(ErrorCode::kCheckpoint, "no tensor `pixels`", [&] { PixelRecords{tokens}; });
}

RecordOrder order_of(std::vector<std::int64_t> lengths, double ratio = 1.0,
                     std::uint64_t seed = 1) {
  return RecordOrder({{std::move(lengths), ratio}}, 4, 2, seed);
}

std::vector<std::int64_t> lengths_up_to(std::int64_t count) {
  std::vector<std::int64_t> lengths(count);
  for (std::int64_t i = 0; i < count; ++i) lengths[i] = 10 + (i * 7919) % 1000;
  return lengths;
}

TEST(RecordOrder, AnEpochUsesEveryRecordOnceAndTheNextAnotherOrder) {
  RecordOrder order = order_of(lengths_up_to(83));  // three are left over
  ASSERT_EQ(order.updates_per_epoch(), 10);
  std::vector<std::vector<std::int64_t>> epochs;
  for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<std::int64_t> seen;
    for (std::int64_t step = 10 * epoch; step < 10 * epoch + 10; ++step) {
      for (std::int64_t micro = 0; micro < 2; ++micro) {
        for (const auto& index : order.batch(step, micro)) seen.push_back(index.record);
      }
    }
    EXPECT_EQ(std::set<std::int64_t>(seen.begin(), seen.end()).size(), 80u);
    epochs.push_back(seen);
  }
  EXPECT_NE(epochs[0], epochs[1]);
  RecordOrder again = order_of(lengths_up_to(83));
  EXPECT_EQ(again.batch(13, 1)[2].record, epochs[1][3 * 8 + 4 + 2]) << "an order has no memory";
  RecordOrder other = order_of(lengths_up_to(83), 1.0, 2);
  EXPECT_NE(other.batch(0, 0)[0].record, epochs[0][0]);
}

TEST(RecordOrder, LikeLengthsMeetInABatch) {
  const auto lengths = lengths_up_to(40000);
  RecordOrder order = order_of(lengths);
  double spread = 0.0;
  for (std::int64_t step = 0; step < 200; ++step) {
    std::int64_t low = 1 << 20, high = 0;
    for (const auto& index : order.batch(step, 0)) {
      low = std::min(low, lengths[index.record]);
      high = std::max(high, lengths[index.record]);
    }
    spread += static_cast<double>(high - low) / 200.0;
  }
  EXPECT_LT(spread, 120.0);  // of 1000; four at random are 600 apart
}

TEST(RecordOrder, RatiosTakeAShareAndTooFewRecordsAreRefused) {
  EXPECT_EQ(order_of(lengths_up_to(80), 0.5).updates_per_epoch(), 5);
  expect_error(ErrorCode::kInvalidArgument, "an epoch has 7 records, one update needs 8",
               [] { order_of(lengths_up_to(7)); });
}

TEST(PromptDropout, LeavesThePictureAndRefusesOtherRecords) {
  const auto example = tiny_examples(1)[0];
  TokenRecord record{example.tokens.data(), example.labels.data(),
                     static_cast<std::int64_t>(example.tokens.size())};
  std::int64_t length = 0;
  const std::int64_t start = without_text(record, 1, 2, &length);
  ASSERT_GT(start, 0);
  EXPECT_EQ(record.tokens[start], 1);
  EXPECT_EQ(record.tokens[start + length - 1], 2);
  EXPECT_EQ(start + length, record.length - 1) << "the separator goes as well";
  TokenRecord cut = record;
  --cut.length;
  EXPECT_EQ(without_text(cut, 1, 2, &length), -1) << "the end is elsewhere";
  auto twice = example;
  twice.tokens[1] = 2;
  record.tokens = twice.tokens.data();
  EXPECT_EQ(without_text(record, 1, 2, &length), -1) << "two pictures";
}

}  // namespace
}  // namespace lumina::training
