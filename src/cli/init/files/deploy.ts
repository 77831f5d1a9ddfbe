import type { ProjectFile } from './manager.ts';

/** Makes the examples of two replicas on PostgreSQL, for Compose and for Kubernetes. */
export function deployFiles(): ProjectFile[] {
  return [
    ['deploy/compose.yml', compose],
    ['deploy/kubernetes.yml', kubernetes],
  ];
}

const compose = `# Two replicas on PostgreSQL, on one machine:
#
#   export POSTGRES_PASSWORD=$(openssl rand -hex 24) CLAIMGATE_KEY=$(openssl rand -base64 32)
#   export CLAIMGATE_ADMIN_PASSWORD=$(openssl rand -hex 12) CLAIMGATE_PUBLIC_URL=https://api.example.com
#   docker compose --file deploy/compose.yml up --build --detach
#
# Keep these values. Put a proxy with TLS in front of the ports 4000 and 4001, and name it in CLAIMGATE_TRUSTED_PROXIES.
services:
  api:
    build: ..
    deploy:
      replicas: 2
    ports:
      - 127.0.0.1:4000-4001:4000
    environment:
      CLAIMGATE_PUBLIC_URL: \${CLAIMGATE_PUBLIC_URL:?the https URL of the API}
      DATABASE_URL: postgres://claimgate:\${POSTGRES_PASSWORD:?a password without special characters}@database/claimgate
      CLAIMGATE_KEY: \${CLAIMGATE_KEY:?32 random bytes in base64}
      CLAIMGATE_ADMIN_PASSWORD: \${CLAIMGATE_ADMIN_PASSWORD:?the password for the first start}
    depends_on:
      database:
        condition: service_healthy
    read_only: true
    cap_drop: [ALL]
    security_opt: [no-new-privileges:true]
    stop_grace_period: 15s
    restart: unless-stopped
  database:
    image: postgres:17
    environment:
      POSTGRES_USER: claimgate
      POSTGRES_DB: claimgate
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?a password without special characters}
    volumes:
      - database:/var/lib/postgresql/data
    healthcheck:
      test: [CMD, pg_isready, --username=claimgate, --dbname=claimgate]
      interval: 5s
    restart: unless-stopped
volumes:
  database:
`;

const kubernetes = `# Two replicas on a PostgreSQL that you run elsewhere:
#
#   kubectl create secret generic claimgate \\
#     --from-literal=DATABASE_URL='postgres://claimgate:…@db.example.com/claimgate?sslmode=verify-full' \\
#     --from-literal=CLAIMGATE_KEY="$(openssl rand -base64 32)" \\
#     --from-literal=CLAIMGATE_ADMIN_PASSWORD="$(openssl rand -hex 12)"
#   kubectl apply --filename deploy/kubernetes.yml
#
# Put an Ingress with TLS in front of the Service, and name its addresses in CLAIMGATE_TRUSTED_PROXIES.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: claimgate
spec:
  replicas: 2
  # An old replica does not start again on the newer database. Therefore new replicas come first.
  strategy:
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      app: claimgate
  template:
    metadata:
      labels:
        app: claimgate
    spec:
      # Otherwise Kubernetes sets variables such as CLAIMGATE_PORT for the Service.
      enableServiceLinks: false
      automountServiceAccountToken: false
      # A stop completes the requests in progress, for at most 10 s, after the pause of preStop.
      terminationGracePeriodSeconds: 20
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 0
        fsGroup: 0
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: api
          image: registry.example.com/orders:1
          ports:
            - name: http
              containerPort: 4000
          env:
            - name: CLAIMGATE_PUBLIC_URL
              value: https://api.example.com
            - name: DATABASE_URL
              valueFrom: { secretKeyRef: { name: claimgate, key: DATABASE_URL } }
            - name: CLAIMGATE_KEY
              valueFrom: { secretKeyRef: { name: claimgate, key: CLAIMGATE_KEY } }
            - name: CLAIMGATE_ADMIN_PASSWORD
              valueFrom: { secretKeyRef: { name: claimgate, key: CLAIMGATE_ADMIN_PASSWORD } }
          # The first replica may change the tables before it listens.
          startupProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 2
            failureThreshold: 300
          livenessProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
          lifecycle:
            # The Service stops sending requests before the server stops listening.
            preStop:
              sleep: { seconds: 5 }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          resources:
            requests: { cpu: 100m, memory: 256Mi }
            limits: { memory: 1Gi }
---
apiVersion: v1
kind: Service
metadata:
  name: claimgate
spec:
  selector:
    app: claimgate
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: claimgate
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app: claimgate
`;
