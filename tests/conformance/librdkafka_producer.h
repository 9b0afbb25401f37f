#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace streamscope::conformance {

/// A librdkafka producer with acks=all in a thread of its own, which writes numbered records until it is told to stop:
/// for each key 0, 1, 2 and so on, `key:number`.
class LibrdkafkaProducer {
 public:
  /// `configs` are librdkafka's names and values, `bootstrap.servers` among them.
  LibrdkafkaProducer(const std::vector<std::pair<std::string, std::string>>& configs, const std::string& topic,
                     int keys);
  ~LibrdkafkaProducer();

  /// Empty, or why librdkafka refused the configuration.
  const std::string& problem() const { return m_problem; }
  /// Records a broker acknowledged so far.
  int64_t acknowledged() const { return m_acknowledged; }
  /// Delivery reports with an error so far.
  int64_t failed() const { return m_failed; }
  /// Stops writing and waits for the reports of everything written. Returns how many records each key has.
  std::vector<int64_t> finish();

 private:
  struct Client;
  void run();

  std::unique_ptr<Client> m_client;
  std::string m_problem;
  std::vector<int64_t> m_written;
  std::atomic<int64_t> m_acknowledged = 0, m_failed = 0;
  std::atomic<bool> m_isStopping = false;
  std::thread m_thread;
};

}  // namespace streamscope::conformance
