BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE erasures (
	id INTEGER NOT NULL, 
	user_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE "generations" (
	id CHAR(32) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	created_at DATETIME NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	guild_id BIGINT, 
	channel_id BIGINT NOT NULL, 
	user_id BIGINT NOT NULL, 
	executor VARCHAR(64) NOT NULL, 
	upload_limit_bytes BIGINT NOT NULL, 
	application_id BIGINT, 
	interaction_token TEXT, 
	interaction_expires_at DATETIME, 
	prompt TEXT NOT NULL, 
	params JSON NOT NULL, 
	"references" JSON NOT NULL, 
	pace VARCHAR(32) NOT NULL, 
	credits_reserved INTEGER NOT NULL, 
	credits INTEGER, 
	usual_seconds FLOAT, 
	card_id BIGINT, 
	message_id BIGINT, 
	job_id VARCHAR(64), 
	submitted_at DATETIME, 
	delivery_began_at DATETIME, 
	finished_at DATETIME, 
	result_url TEXT, 
	image_key VARCHAR(96), 
	failure JSON, 
	private BOOLEAN DEFAULT 0 NOT NULL, 
	spoiler BOOLEAN DEFAULT 0 NOT NULL, 
	reply_to_id BIGINT, 
	parent_id CHAR(32), 
	parent_kinship VARCHAR(16), 
	parent_channel_id BIGINT, 
	parent_message_id BIGINT, 
	image_width INTEGER, 
	image_height INTEGER, 
	deleted_at DATETIME, erased_at DATETIME, 
	PRIMARY KEY (id)
);
INSERT INTO "generations" VALUES('c90a5c19ba5e4912852ca71ce810329c','fetched','2026-11-22 15:33:39.978717','guild:1563213825962934272',1563213825962934272,1574085461926739969,1574085461926739970,'shards-all',10485760,1574085461897379840,'JG2wBzOH-SEiHs1htLEPhITt6ndR_qldCxOEQn7eMniR4ZnmgFjJl-OGpHvpURlu','2026-11-22 15:48:39.955000','a red boat at dawn','{"seed": 255738304}','[]','default+0',10,7,NULL,1574085465152159744,NULL,'e5ce6a05-3022-40c4-83eb-080c05669396','2026-11-22 15:33:40.084610','2026-11-22 15:33:40.319156',NULL,'http://127.0.0.1:35187/cdn/results/e5ce6a05-3022-40c4-83eb-080c05669396/0.webp','73/7325082ca327425fbdfe0fad5bfd1f4acfcc2332f7d86e2f5e0920a76b80ebc6.webp',NULL,0,0,NULL,NULL,NULL,NULL,NULL,1024,1024,NULL,NULL);
CREATE TABLE refusals (
	id INTEGER NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	user_id BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	rule VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE rule_changes (
	id INTEGER NOT NULL, 
	server_key VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	by_id BIGINT NOT NULL, 
	command TEXT NOT NULL, 
	changes JSON NOT NULL, 
	undone BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE rulebooks (
	server_key VARCHAR(32) NOT NULL, 
	rules JSON NOT NULL, 
	PRIMARY KEY (server_key)
);
CREATE TABLE troubles (
	trouble VARCHAR(32) NOT NULL, 
	since DATETIME NOT NULL, over BOOLEAN DEFAULT 0 NOT NULL, credits_left INTEGER, tell_at DATETIME, 
	PRIMARY KEY (trouble)
);
CREATE INDEX generations_by_state ON generations (state, created_at);
CREATE INDEX generations_by_pace ON generations (pace, state, finished_at);
CREATE INDEX generations_by_message ON generations (message_id);
CREATE INDEX rule_changes_by_server ON rule_changes (server_key, id);
CREATE INDEX refusals_by_server ON refusals (server_key, at);
CREATE INDEX generations_by_server ON generations (server_key, created_at, state, credits, credits_reserved);
CREATE INDEX generations_by_member ON generations (server_key, user_id, created_at, state, credits, credits_reserved);
CREATE INDEX generations_unfinished ON generations (server_key, user_id) WHERE finished_at IS NULL;
CREATE INDEX generations_by_person ON generations (user_id, created_at);
CREATE INDEX generations_with_token ON generations (interaction_expires_at) WHERE interaction_token IS NOT NULL;
COMMIT;
