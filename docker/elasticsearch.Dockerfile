# Elasticsearch with the analysis of Japanese.
FROM docker.elastic.co/elasticsearch/elasticsearch:9.5.1
RUN bin/elasticsearch-plugin install --batch analysis-kuromoji analysis-icu
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9200"]
USER elasticsearch
