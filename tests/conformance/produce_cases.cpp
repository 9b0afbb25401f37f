#include "produce_cases.h"

#include <limits>
#include <utility>

#include "compression.h"
#include "hand_made_batch.h"

namespace streamscope::conformance {
namespace {

using log::Compression;

constexpr int16_t kLogAppendTime = 8;
constexpr int16_t kTransactional = 16;
constexpr int16_t kControl = 32;
constexpr int16_t kDeleteHorizon = 64;
constexpr int64_t kHourMs = 3'600'000;

constexpr std::array kCodecs = {Compression::None, Compression::Gzip, Compression::Snappy, Compression::Lz4,
                                Compression::Zstd};

base::Bytes operator+(base::Bytes first, const base::Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

std::string named(const char* what, Compression codec) {
  return std::string(what) + ", " + log::compressionName(codec);
}

/// Headers, a null key, a null value, times that go back.
std::vector<HandMadeRecord> richRecords() {
  return {{.headers = {{"trace", "abc"}, {"empty", ""}, {"none", std::nullopt}}},
          {.timestampDelta = 50, .key = std::nullopt},
          {.timestampDelta = -20, .value = std::nullopt},
          {.key = "", .value = std::string(3000, 'x')}};
}

class Cases {
 public:
  explicit Cases(int64_t nowMs) : m_nowMs(nowMs) {}

  std::vector<ProduceCase> all() {
    goodBatches();
    otherThanOneBatch();
    headers();
    kinds();
    recordStructure();
    compressedData();
    times();
    keys();
    sizes();
    recompression();
    requests();
    return std::move(m_cases);
  }

 private:
  void add(std::string name, const std::string& topic, base::Bytes records) {
    m_cases.push_back({std::move(name), {.topic = topic, .records = std::move(records)}});
  }
  void add(std::string name, const HandMadeBatch& batch) { add(std::move(name), "plain", batch.bytes()); }
  ProduceQuestion& last() { return m_cases.back().question; }

  void goodBatches() {
    for (const Compression codec : kCodecs) {
      add(named("a good batch", codec), {.records = richRecords(), .codec = codec});
      add(named("a good batch of acks 1", codec), {.codec = codec});
      last().acks = 1;
    }
    for (const int16_t version : std::initializer_list<int16_t>{3, 5, 8, 12}) {
      add("a good batch, version " + std::to_string(version), {});
      last().version = version;
    }
  }

  void otherThanOneBatch() {
    const base::Bytes good = HandMadeBatch().bytes();
    add("null records", "plain", {});
    last().records = std::nullopt;
    add("no bytes", "plain", {});
    add("seven bytes", "plain", base::Bytes(7, 0));
    add("a hundred zeros", "plain", base::Bytes(100, 0));
    add("two batches", "plain", good + good);
    add("a batch and a half", "plain", good + base::Bytes(good.begin(), good.begin() + 40));
    add("a batch and five bytes", "plain", good + base::Bytes(5, 7));
    add("a batch and twenty zeros", "plain", good + base::Bytes(20, 0));
    add("a batch and noise", "plain", good + base::Bytes(100, 0x5a));
    add("half a batch", "plain", base::Bytes(good.begin(), good.begin() + 40));
    add("a batch without its last byte", "plain", base::Bytes(good.begin(), good.end() - 1));
    for (const int8_t magic : std::initializer_list<int8_t>{0, 1}) {
      add("a message of magic " + std::to_string(magic), "plain", oldMessage(magic, "key", "value"));
      add("a batch of magic " + std::to_string(magic), {.magic = magic});
    }
    add("a batch of magic 3", {.magic = 3});
    add("a batch of magic -1", {.magic = -1});
    for (const int32_t length : {-1, 0, 13, 14, 40, 48, 49, 5000})
      add("a batch length of " + std::to_string(length), {.batchLength = length});
  }

  void headers() {
    add("a base offset of 5", {.baseOffset = 5});
    add("a base offset of -1", {.baseOffset = -1});
    add("a wrong checksum", {.crcError = 1});
    add("a wrong checksum and base offset", {.baseOffset = 5, .crcError = 1});
    add("a leader epoch", {.leaderEpoch = 77});
    add("a last offset delta below the count", {.lastOffsetDelta = 1});
    add("a last offset delta above the count", {.lastOffsetDelta = 5});
    add("a last offset delta of -1", {.lastOffsetDelta = -1});
    add("a last offset delta of 2^31-1", {.lastOffsetDelta = std::numeric_limits<int32_t>::max()});
    add("no records, counted", {.records = {}, .lastOffsetDelta = 0, .recordCount = 0});
    add("no records, not counted", {.records = {}});
    add("a count of -1", {.recordCount = -1});
    add("a count above the records", {.lastOffsetDelta = 4, .recordCount = 5});
    add("a count below the records", {.lastOffsetDelta = 1, .recordCount = 2});
    for (const Compression codec : {Compression::Gzip, Compression::Zstd}) {
      add(named("a count above the records", codec), {.codec = codec, .lastOffsetDelta = 4, .recordCount = 5});
      add(named("a count below the records", codec), {.codec = codec, .lastOffsetDelta = 1, .recordCount = 2});
    }
    add("unused attribute bits", {.attributes = static_cast<int16_t>(0x7f80)});
    add("a delete horizon", {.attributes = kDeleteHorizon});
    add("a wrong largest timestamp", {.maxTimestamp = 5});
    add("a wrong largest timestamp, lz4", {.codec = Compression::Lz4, .maxTimestamp = 5});
  }

  void kinds() {
    add("a control batch", {.attributes = kControl});
    add("a control batch of a transaction",
        {.attributes = kControl | kTransactional, .producerId = 900, .producerEpoch = 0, .baseSequence = 0});
    add("a producer id without a sequence", {.producerId = 901, .producerEpoch = 0});
    add("a producer id without an epoch", {.producerId = 902, .baseSequence = 0});
    add("a sequence without a producer id", {.baseSequence = 5});
    add("an epoch without a producer id", {.producerEpoch = 3});
    add("a producer id of -2", {.producerId = -2, .producerEpoch = 0, .baseSequence = 0});
    const HandMadeBatch transactional{
        .attributes = kTransactional, .producerId = 903, .producerEpoch = 0, .baseSequence = 0};
    add("a transactional batch without a transactional id", transactional);
    add("a transactional batch without a producer id", {.attributes = kTransactional});
  }

  void recordStructure() {
    for (const Compression codec : {Compression::None, Compression::Snappy}) {
      const auto one = [&](const char* name, HandMadeRecord record) {
        add(named(name, codec), {.records = {{}, std::move(record), {}}, .codec = codec});
      };
      // Where it does not look at keys and values, Kafka's validator does not look at lengths either, and takes what
      // its own consumers cannot read.
      const auto ofLength = [&](const char* name, int32_t error) {
        one(name, {.lengthError = error});
        if (codec == Compression::None) return;
        last().topic = "unreadable";
        m_cases.back().deviation = "INVALID_RECORD";
      };
      one("a repeated offset", {.offsetDelta = 0});
      one("an offset beyond the batch", {.offsetDelta = 9});
      one("a negative offset", {.offsetDelta = -3});
      one("record attributes", {.attributes = 1});
      ofLength("a record length too small", -2);
      ofLength("a record length too large", 1);
      ofLength("a record length beyond the batch", 5000);
      ofLength("a negative record length", -100);
      one("a record with surplus bytes", {.surplus = {1, 2, 3}});
      one("a negative number of headers", {.headerCount = -1});
      one("more headers than there are", {.headerCount = 3});
      one("fewer headers than there are", {.headers = {{"a", "b"}, {"c", "d"}}, .headerCount = 1});
      one("a header without a name", {.headerCount = 1, .surplus = {1, 2, 'x'}});
      one("a header with an empty name", {.headers = {{"", "b"}}});
      one("a header's name that is not UTF-8", {.headers = {{"\xff\xfe", "b"}}});
      one("a value of -1 beyond its record", {.key = std::nullopt, .value = std::nullopt});
      add(named("bytes after the last record", codec), {.codec = codec, .surplus = base::Bytes(20, 3)});
    }
  }

  void compressedData() {
    for (const int16_t codec : std::initializer_list<int16_t>{5, 6, 7})
      add("codec " + std::to_string(codec), {.attributes = codec});
    for (const Compression codec : kCodecs) {
      if (codec == Compression::None) continue;
      const base::Bytes whole = log::compress(codec, HandMadeBatch().recordBytes());
      add(named("noise", codec), {.codec = codec, .payload = base::Bytes(60, 0x5a)});
      add(named("no data", codec), {.codec = codec, .payload = base::Bytes()});
      add(named("data that ends early", codec),
          {.codec = codec, .payload = base::Bytes(whole.begin(), whole.end() - 12)});
      add(named("data and five bytes", codec), {.codec = codec, .payload = whole + base::Bytes(5, 9)});
      add(named("the same data twice", codec), {.codec = codec, .payload = whole + whole});
      add(named("records in two pieces", codec), {.codec = codec, .payload = inTwoPieces(codec)});
    }
    add("bare snappy", {.codec = Compression::Snappy, .payload = bareSnappy()});
    for (const int16_t version : std::initializer_list<int16_t>{3, 6, 7}) {
      add("zstd, version " + std::to_string(version), {.codec = Compression::Zstd});
      last().version = version;
    }
  }

  static base::Bytes inTwoPieces(Compression codec) {
    const base::Bytes records = HandMadeBatch().recordBytes();
    return log::compress(codec, base::ByteView(records).first(20)) +
           log::compress(codec, base::ByteView(records).subspan(20));
  }

  /// One block without the framing of snappy-java.
  static base::Bytes bareSnappy() {
    const base::Bytes framed = log::compress(Compression::Snappy, HandMadeBatch().recordBytes());
    return {framed.begin() + 20, framed.end()};
  }

  void times() {
    for (const Compression codec : {Compression::None, Compression::Lz4}) {
      add(named("no timestamps", codec), {.codec = codec, .baseTimestamp = -1});
      add(named("negative timestamps", codec), {.codec = codec, .baseTimestamp = -5000});
      add(named("a far future", codec), {.codec = codec, .baseTimestamp = m_nowMs + 2 * kHourMs});
      add(named("the end of time", codec),
          {.records = {{.timestampDelta = std::numeric_limits<int64_t>::max()}, {}}, .codec = codec});
      add(named("the broker's time, said by the client", codec), {.codec = codec, .attributes = kLogAppendTime});
      add(named("in bounds", codec), "bounded",
          HandMadeBatch{.codec = codec, .baseTimestamp = m_nowMs - kHourMs / 2}.bytes());
      add(named("out of bounds", codec), "bounded", HandMadeBatch{.codec = codec}.bytes());
      add(named("two out of bounds", codec), "bounded",
          HandMadeBatch{.records = {{.timestampDelta = -2 * kHourMs}, {}, {.timestampDelta = 2 * kHourMs}, {}},
                        .codec = codec,
                        .baseTimestamp = m_nowMs}
              .bytes());
      add(named("stamped by the broker", codec), "stamped",
          HandMadeBatch{.records = richRecords(), .codec = codec}.bytes());
      add(named("stamped by both", codec), "stamped",
          HandMadeBatch{.codec = codec, .attributes = kLogAppendTime}.bytes());
      add(named("a far future, stamped", codec), "stamped",
          HandMadeBatch{.codec = codec, .baseTimestamp = m_nowMs + 2 * kHourMs}.bytes());
    }
  }

  void keys() {
    for (const Compression codec : {Compression::None, Compression::Gzip}) {
      add(named("keys for compaction", codec), "compacted",
          HandMadeBatch{.records = {{}, {.key = ""}, {.value = std::nullopt}}, .codec = codec}.bytes());
      add(named("two keys missing", codec), "compacted",
          HandMadeBatch{.records = {{}, {.key = std::nullopt}, {}, {.key = std::nullopt}, {}}, .codec = codec}.bytes());
      add(named("a key missing and a time out of bounds", codec), "compacted",
          HandMadeBatch{.records = {{}, {.key = std::nullopt}, {.timestampDelta = 2 * kHourMs}},
                        .codec = codec,
                        .baseTimestamp = m_nowMs}
              .bytes());
      add(named("a key missing where both policies are set", codec), "both",
          HandMadeBatch{.records = {{}, {.key = std::nullopt}}, .codec = codec}.bytes());
    }
  }

  void sizes() {
    const auto ofValue = [](size_t size) {
      return HandMadeBatch{.records = {{.value = std::string(size, 'x')}}}.bytes();
    };
    const size_t overhead = ofValue(900).size() - 900;
    add("just small enough", "small", ofValue(1000 - overhead));
    add("one byte too large", "small", ofValue(1001 - overhead));
    HandMadeBatch corrupt{.records = {{.value = std::string(2000, 'x')}}, .crcError = 1};
    add("too large and corrupt", "small", corrupt.bytes());
    add("too large only when unpacked", "small",
        HandMadeBatch{.records = {{.value = std::string(5000, 'x')}}, .codec = Compression::Zstd}.bytes());
    add("too large after unpacking by the broker", "small-uncompressed",
        HandMadeBatch{.records = {{.value = std::string(5000, 'x')}}, .codec = Compression::Zstd}.bytes());
    add("too large before packing by the broker", "small-gzip", ofValue(5000));
    add("too large for a segment", "large", ofValue(1'500'000));
  }

  void recompression() {
    for (const char* target : {"gzip", "snappy", "lz4", "zstd", "uncompressed"}) {
      for (const Compression codec : kCodecs) {
        const std::string from = named("packed anew", codec);
        add(from + ", for " + target, target, HandMadeBatch{.records = richRecords(), .codec = codec}.bytes());
        add(from + ", idempotent, for " + target, target,
            HandMadeBatch{.codec = codec,
                          .leaderEpoch = 4,
                          .producerId = 700 + static_cast<int64_t>(codec),
                          .producerEpoch = 2,
                          .baseSequence = 10}
                .bytes());
        add(from + ", repeated offset, for " + target, target,
            HandMadeBatch{.records = {{}, {.offsetDelta = 0}, {}}, .codec = codec}.bytes());
        add(from + ", a wrong largest timestamp, for " + target, target,
            HandMadeBatch{.codec = codec, .maxTimestamp = 5}.bytes());
      }
    }
    for (const Compression codec : {Compression::None, Compression::Zstd}) {
      add(named("packed anew and stamped", codec), "stamped-lz4",
          HandMadeBatch{.records = richRecords(), .codec = codec}.bytes());
      add(named("packed anew, keys missing", codec), "compacted-lz4",
          HandMadeBatch{.records = {{.key = std::nullopt}, {}, {.key = std::nullopt}}, .codec = codec}.bytes());
      add(named("packed anew, with negative timestamps", codec), "lz4",
          HandMadeBatch{.codec = codec, .baseTimestamp = -5000}.bytes());
      add(named("packed anew, without timestamps", codec), "lz4",
          HandMadeBatch{.codec = codec, .baseTimestamp = -1}.bytes());
      add(named("packed anew, with surplus bytes", codec), "lz4",
          HandMadeBatch{.codec = codec, .surplus = base::Bytes(10, 3)}.bytes());
      add(named("packed anew, with record attributes", codec), "lz4",
          HandMadeBatch{.records = {{.attributes = 1}}, .codec = codec}.bytes());
      add(named("packed anew, with a delete horizon", codec), "lz4",
          HandMadeBatch{.codec = codec, .attributes = kDeleteHorizon}.bytes());
    }
  }

  void requests() {
    const HandMadeBatch wrong{.crcError = 1};
    for (const int16_t acks : std::initializer_list<int16_t>{2, -2}) {
      add("acks " + std::to_string(acks), {});
      last().acks = acks;
      add("acks " + std::to_string(acks) + " and a wrong checksum", wrong);
      last().acks = acks;
      add("acks " + std::to_string(acks) + " and an unknown topic", "nowhere", HandMadeBatch().bytes());
      last().acks = acks;
    }
    add("acks 0", {});
    last().acks = 0;
    add("acks 0 and a wrong checksum", wrong);
    last().acks = 0;
    add("acks 0 and a transactional batch", {.attributes = kTransactional});
    last().acks = 0;
    add("an unknown topic", "nowhere", HandMadeBatch().bytes());
    add("an unknown topic and no batch", "nowhere", {});
    add("an impossible topic", "no/such name", HandMadeBatch().bytes());
    add("an unknown partition", {});
    last().partition = 7;
    add("a negative partition", {});
    last().partition = -1;
    add("a transactional id and a plain batch", {});
    last().transactionalId = "tx";
  }

  int64_t m_nowMs;
  std::vector<ProduceCase> m_cases;
};

class IdempotenceCases {
 public:
  explicit IdempotenceCases(int64_t nowMs) : m_nowMs(nowMs) {}

  std::vector<ProduceCase> all() {
    unknownProducers();
    window();
    epochs();
    wrap();
    longAgo();
    return std::move(m_cases);
  }

  /// Of a shutdown's snapshot only the last batch of each producer is known.
  std::vector<ProduceCase> afterRestart() {
    send("the last batch again", 10, 0, 22);
    send("the one before again", 10, 0, 21);
    send("an older one again", 10, 0, 18, 3);
    send("a gap", 10, 0, 24);
    send("the next one", 10, 0, 23);
    send("the last before the restart again", 10, 0, 22);
    send("an older epoch", 20, 100, 1);
    send("a new epoch, not from 0", 3, 8, 6);
    send("a new epoch from 0", 3, 8, 0);
    send("after one of long ago", 61, 0, 5);
    send("1 after the end of the numbers", 30, 0, 1);
    send("the batch over the end again", 31, 0, 2);
    for (int32_t sequence = 0; sequence < 5; ++sequence) send("five more", 50, 0, sequence);
    send("one more", 51, 3, 9);
    // Its records are so old that the producer is forgotten at once.
    m_nowMs = 1'700'000'000'000;
    send("one of long ago", 60, 0, 0);
    return std::move(m_cases);
  }

  /// What was appended since the last snapshot is read from the log.
  std::vector<ProduceCase> afterKill() {
    for (int32_t sequence = 4; sequence >= 0; --sequence) send("each of the five again", 50, 0, sequence);
    send("the sixth", 50, 0, 5);
    send("the first again", 50, 0, 0);
    send("the second again", 50, 0, 1);
    send("the one more again", 51, 3, 9);
    send("a gap", 51, 3, 11);
    send("its epoch is known", 51, 2, 10);
    send("from the snapshot", 20, std::numeric_limits<int16_t>::max(), 1);
    send("the last before both again", 10, 0, 22);
    send("the last again", 10, 0, 23);
    send("after one of long ago", 60, 0, 5);
    return std::move(m_cases);
  }

 private:
  void send(const char* name, int64_t producerId, int16_t epoch, int32_t sequence, size_t count = 1) {
    const HandMadeBatch batch{.records = std::vector<HandMadeRecord>(count),
                              .baseTimestamp = m_nowMs,
                              .producerId = producerId,
                              .producerEpoch = epoch,
                              .baseSequence = sequence};
    m_cases.push_back(
        {std::to_string(m_cases.size()) + ": " + name, {.topic = "idempotent", .records = batch.bytes()}});
  }

  void unknownProducers() {
    send("unknown producer from 0", 1, 0, 0);
    send("unknown producer from 17", 2, 0, 17);
    send("and on", 2, 0, 18);
    send("but not twenty", 2, 0, 20);
    send("unknown producer of a later epoch", 3, 7, 5);
  }

  void window() {
    for (int32_t sequence = 0; sequence < 7; ++sequence) send("one after the other", 10, 0, 3 * sequence, 3);
    for (int32_t sequence = 0; sequence < 7; ++sequence) send("sent again", 10, 0, 3 * sequence, 3);
    send("sent again with fewer records", 10, 0, 18, 2);
    send("sent again with more records", 10, 0, 18, 4);
    send("part of one known", 10, 0, 19, 2);
    send("two known as one", 10, 0, 15, 6);
    send("a gap", 10, 0, 22);
    send("the next one", 10, 0, 21);
    send("the batch after the gap again", 10, 0, 22);
  }

  void epochs() {
    send("epoch 5", 20, 5, 0, 2);
    send("older epoch", 20, 4, 2);
    send("older epoch, known sequence", 20, 4, 0, 2);
    send("new epoch, not from 0", 20, 6, 2);
    send("new epoch from 0", 20, 6, 0);
    send("again", 20, 6, 0);
    send("the old epoch", 20, 5, 0, 2);
    send("the old epoch goes on", 20, 5, 2);
    send("the new epoch goes on", 20, 6, 1);
    send("a jump of epochs", 20, 100, 0);
    send("the largest epoch", 20, std::numeric_limits<int16_t>::max(), 0);
    send("an epoch of -1", 20, -1, 1);
  }

  void longAgo() {
    const int64_t nowMs = std::exchange(m_nowMs, 1'700'000'000'000);
    send("one of long ago", 61, 0, 0);
    send("a gap", 61, 0, 2);
    m_nowMs = nowMs;
  }

  void wrap() {
    constexpr int32_t kLast = std::numeric_limits<int32_t>::max();
    send("just before the end", 30, 0, kLast - 1, 2);
    send("0 comes next", 30, 0, 0);
    send("over the end", 31, 0, kLast - 1, 4);
    send("over the end again", 31, 0, kLast - 1, 4);
    send("and on", 31, 0, 2);
    send("not 0 before the end", 32, 0, kLast - 1);
    send("0 too early", 32, 0, 0);
    send("the last one", 32, 0, kLast);
    send("1 too early", 32, 0, 1);
    send("0 in time", 32, 0, 0);
  }

  int64_t m_nowMs;
  std::vector<ProduceCase> m_cases;
};

}  // namespace

std::map<std::string, std::map<std::string, std::string>> produceTopics() {
  std::map<std::string, std::map<std::string, std::string>> topics{
      {"plain", {}},
      {"idempotent", {}},
      {"unreadable", {}},
      {"bounded", {{"message.timestamp.before.max.ms", "3600000"}, {"message.timestamp.after.max.ms", "3600000"}}},
      {"stamped", {{"message.timestamp.type", "LogAppendTime"}}},
      {"compacted", {{"cleanup.policy", "compact"}}},
      {"both", {{"cleanup.policy", "compact,delete"}}},
      {"small", {{"max.message.bytes", "1000"}}},
      {"small-uncompressed", {{"max.message.bytes", "1000"}, {"compression.type", "uncompressed"}}},
      {"small-gzip", {{"max.message.bytes", "1000"}, {"compression.type", "gzip"}}},
      {"large", {{"max.message.bytes", "4000000"}, {"segment.bytes", "1048576"}}},
      {"stamped-lz4", {{"message.timestamp.type", "LogAppendTime"}, {"compression.type", "lz4"}}},
      {"compacted-lz4", {{"cleanup.policy", "compact"}, {"compression.type", "lz4"}}},
  };
  for (const char* target : {"gzip", "snappy", "lz4", "zstd", "uncompressed"})
    topics.insert({target, {{"compression.type", target}}});
  // The records are old.
  for (auto& [name, configs] : topics) configs.insert({"retention.ms", "-1"});
  return topics;
}

std::vector<ProduceCase> produceCases(int64_t nowMs) {
  return Cases(nowMs).all();
}

std::vector<ProduceCase> casesAfterRestart(int64_t nowMs) {
  return IdempotenceCases(nowMs).afterRestart();
}

std::vector<ProduceCase> casesAfterKill(int64_t nowMs) {
  return IdempotenceCases(nowMs).afterKill();
}

std::vector<ProduceCase> idempotenceCases(int64_t nowMs) {
  return IdempotenceCases(nowMs).all();
}

}  // namespace streamscope::conformance
