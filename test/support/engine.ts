import { enableMultiplyAdd } from '../../debug-adapter/node-engine';

// As the command and the adapter do.
enableMultiplyAdd();
