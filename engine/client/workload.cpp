#include "workload.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace streamscope::client {

namespace {

constexpr base::Duration kTickMin = std::chrono::milliseconds(10);
constexpr int64_t kMicrosecondsIn1000Seconds = 1'000'000'000;

constexpr std::array<const char*, 8> kItems = {"lamp", "chair", "kettle", "globe", "atlas", "clock", "scarf", "teapot"};

}  // namespace

Workload::Workload(Options options, base::VirtualTime start)
    : m_options(options),
      m_recordsPer1000Seconds(std::max<int64_t>(1, std::llround(options.recordsPerSecond * 1000))),
      m_start(start) {}

base::VirtualTime Workload::dueTime(int64_t index) const {
  const int64_t count = index - m_startIndex;
  const int64_t whole = count / m_recordsPer1000Seconds;
  const int64_t rest = count % m_recordsPer1000Seconds;
  return m_start + base::Duration(whole * kMicrosecondsIn1000Seconds +
                                  rest * kMicrosecondsIn1000Seconds / m_recordsPer1000Seconds);
}

base::VirtualTime Workload::nextDue() const {
  return dueTime(m_index);
}

base::VirtualTime Workload::nextTick() const {
  const base::VirtualTime due = nextDue();
  // Several records within a tick: wake up for the last of them.
  if (dueTime(m_index + 1) - due >= kTickMin) return due;
  return due + kTickMin;
}

const std::optional<std::string>& Workload::key() {
  if (m_options.keys > 0) m_key = "key-" + std::to_string(m_index % m_options.keys);
  return m_key;
}

const std::string& Workload::value(base::Random& random) {
  const uint64_t draw = random.next();
  m_value.clear();
  m_value += R"({"order":)";
  m_value += std::to_string(m_index);
  m_value += R"(,"item":")";
  m_value += kItems[draw % kItems.size()];
  m_value += R"(","quantity":)";
  m_value += std::to_string(1 + (draw >> 8) % 9);
  m_value += R"(,"cents":)";
  m_value += std::to_string(100 + (draw >> 16) % 9900);
  m_value += R"(,"note":")";
  const auto wanted = static_cast<size_t>(m_options.recordBytes);
  if (m_value.size() + 2 <= wanted) {
    m_value.append(wanted - m_value.size() - 2, '.');
    m_value += R"("})";
  } else {
    m_value.resize(wanted, '.');
  }
  return m_value;
}

void Workload::restartAt(base::VirtualTime now) {
  m_start = now;
  m_startIndex = m_index;
}

}  // namespace streamscope::client
